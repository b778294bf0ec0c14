// Pictures for the docs, of a cardboard cluster with a past. Not a test: it runs where DASHBOARD_PICTURES is set.

import { after, before, test } from 'node:test';
import { openPage } from './browsing.mjs';
import { Mock } from './mock.mjs';

const wanted = Boolean(process.env.DASHBOARD_PICTURES);
let mock;
let url;
let page;
let closeBrowser;

before(async () => {
    if (wanted) {
        mock = new Mock({ past: 296_000 });
        url = `${await mock.start()}/dashboard`;
        [page, closeBrowser] = await openPage();
    }
});

after(async () => {
    await closeBrowser?.();
    await mock?.stop();
});

const filled = () => document.querySelector('[role=tabpanel]:not([hidden])').querySelector('tbody tr, .card') !== null;
const drawn = () => document.querySelector('.graph .trace')?.getAttribute('d').split('L').length > 140;

async function take(name, view, scheme, width, height) {
    await page.wide(width, height);
    await page.prefer(scheme);
    await page.open(`${url}#${view}`);
    await page.until(`${view} is filled`, view === 'overview' ? drawn : filled);
    await page.run(() => document.activeElement.blur());
    await page.picture(name);
}

test('pictures', { skip: !wanted }, async () => {
    await take('dashboard-light', 'overview', 'light', 1280, 700);
    await take('dashboard-dark', 'overview', 'dark', 1280, 700);
    await take('dashboard-links', 'links', 'dark', 1280, 620);
    await take('dashboard-narrow', 'overview', 'light', 360, 780);
});
