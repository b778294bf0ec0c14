// Whether everybody can use the page: by keyboard, by ear, in the dark, on a narrow screen, with large letters.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openPage } from './browsing.mjs';
import { contrasts } from './contrast.mjs';
import { Mock } from './mock.mjs';

const VIEWS = ['overview', 'links', 'sessions', 'streams', 'upstreams', 'closings', 'channel', 'migration'];
const NAMED = new Set(['button', 'link', 'textbox', 'searchbox', 'combobox', 'radio', 'tab', 'tabpanel', 'table', 'meter',
    'image', 'form', 'search', 'navigation', 'group', 'radiogroup', 'log', 'dialog', 'columnheader', 'heading']);

let mock;
let url;
let page;
let closeBrowser;

before(async () => {
    mock = new Mock();
    url = `${await mock.start()}/dashboard`;
    [page, closeBrowser] = await openPage();
    await page.open(url);
    await page.until('reports', () => document.querySelectorAll('.card').length === 3);
});

after(async () => {
    await closeBrowser();
    await mock.stop();
});

async function look(view) {
    await page.show(view);
    await page.until(`${view} is filled`, (name) => {
        const panel = document.getElementById(`panel-${name}`);
        return panel.querySelector('tbody tr, .card, .events') !== null;
    }, view);
}

async function tree() {
    const { nodes } = await page.send('Accessibility.getFullAXTree');
    return nodes.filter((node) => !node.ignored).map((node) => ({ role: node.role?.value, name: node.name?.value ?? '' }));
}

test('every view has its landmarks, and everything with a role has a name', async () => {
    for (const view of VIEWS) {
        await look(view);
        const nodes = await tree();
        const roles = nodes.map((node) => node.role);
        for (const role of ['banner', 'main', 'tablist', 'tabpanel', 'status']) {
            assert.ok(roles.includes(role), `${view} has no ${role}`);
        }
        const nameless = nodes.filter((node) => NAMED.has(node.role) && node.name.trim() === '');
        assert.deepEqual(nameless, [], view);
        assert.equal(await page.run(() => document.querySelectorAll('h1').length), 1);
    }
});

test('tables are tables to a screen reader, also where rows are shown as cards', async () => {
    for (const width of [1280, 360]) {
        await page.wide(width, 800);
        await look('upstreams');
        const roles = (await tree()).map((node) => node.role);
        for (const role of ['table', 'row', 'columnheader', 'rowheader', 'cell']) {
            assert.ok(roles.includes(role), `no ${role} at ${width}`);
        }
    }
    await page.wide(1280, 860);
    const loose = await page.run(() => document.querySelectorAll('th:not([scope])').length);
    assert.equal(loose, 0);
});

test('no id is used twice, no figure is announced over and over', async () => {
    assert.deepEqual(
        await page.run(() => {
            const ids = [...document.querySelectorAll('[id]')].map((one) => one.id);
            return ids.filter((id, i) => ids.indexOf(id) !== i);
        }),
        [],
    );
    const loud = await page.run(() => {
        const places = [...document.querySelectorAll('[aria-live], [role=status], [role=log], [role=alert]')];
        return places.filter((one) => one.querySelector('table, .card, .graph')).length;
    });
    assert.equal(loud, 0);
});

test('text is read against its ground with a contrast of 4.5, in light and in dark', async () => {
    for (const scheme of ['light', 'dark']) {
        await page.prefer(scheme);
        for (const view of VIEWS) {
            await look(view);
            assert.deepEqual(await page.run(contrasts), [], `${view}, ${scheme}`);
        }
    }
    await page.prefer('light');
});

test('nothing is pushed out of sight at 320 pixels, at 200 % zoom, with letters twice as large', async () => {
    const overflow = () => document.documentElement.scrollWidth - document.documentElement.clientWidth;
    for (const [width, height, scale, letters] of [[320, 640, 1, ''], [640, 430, 2, ''], [1280, 860, 1, '200%']]) {
        await page.wide(width, height, scale);
        await page.run((size) => { document.documentElement.style.fontSize = size; }, letters);
        for (const view of VIEWS) {
            await look(view);
            assert.ok((await page.run(overflow)) <= 0, `${view} at ${width} ${letters}`);
        }
    }
    await page.run(() => { document.documentElement.style.fontSize = ''; });
    await page.wide(1280, 860);
});

const focused = () => {
    const one = document.activeElement;
    const target = one.matches('#theme input') ? one.nextElementSibling : one;
    const style = getComputedStyle(target);
    return {
        what: one === document.body ? '' : one.id || one.textContent.trim().slice(0, 30) || one.tagName,
        style: style.outline,
        visible: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
    };
};

test('the keyboard reaches everything, in order, and one sees where it is', async () => {
    await page.open(`${url}#links`);
    await page.until('rows', () => document.querySelectorAll('tbody tr').length === 50);
    const stops = [];
    for (;;) {
        await page.press('Tab');
        const stop = await page.run(focused);
        if (stop.what === '') {
            break;
        }
        stops.push(stop.what);
        assert.ok(stops.length < 40, 'the order has no end');
        assert.ok(stop.visible, `${stop.what} shows no focus: ${stop.style}`);
    }
    assert.equal(stops[0], 'Skip to the content');
    const tabs = stops.filter((what) => what.startsWith('tab-'));
    assert.deepEqual(tabs, ['tab-links'], 'one tab is in the order');
    const place = (what) => stops.findIndex((stop) => stop.startsWith(what));
    const [search, node, age, last] = ['search-', 'node-', 'Age', 'Last'].map(place);
    assert.ok(stops.indexOf('tab-links') < search && search < node && node < age && age < last, stops.join(', '));
});

test('arrows go from tab to tab, round and to the ends', async () => {
    await page.run(() => document.getElementById('tab-links').focus());
    const open = () => document.activeElement.getAttribute('aria-selected') === 'true' && document.activeElement.id;
    for (const [key, expected] of [
        ['ArrowRight', 'tab-sessions'],
        ['Home', 'tab-overview'],
        ['ArrowLeft', 'tab-migration'],
        ['ArrowRight', 'tab-overview'],
        ['End', 'tab-migration'],
    ]) {
        await page.press(key);
        assert.equal(await page.run(open), expected, key);
    }
    assert.equal(await page.run(() => document.querySelectorAll('[role=tab][tabindex="0"]').length), 1);
});

test('the focus stays where it is while figures change under it', async () => {
    await page.open(`${url}#links`);
    await page.until('rows', () => document.querySelectorAll('tbody tr').length === 50);
    await page.push('Last');
    await page.run(() => [...document.querySelectorAll('.pager button')].find((one) => one.textContent === 'Next').focus());
    await page.until('the last page', () => document.querySelector('.pager p').textContent.includes('page 200 of 200'));
    assert.equal(await page.run(() => document.activeElement.textContent), 'Next');
});

test('who wants no motion sees none', async () => {
    await page.prefer('light', 'reduce');
    await look('overview');
    assert.equal(await page.run(() => document.getAnimations().length), 0);
    await page.prefer('light');
});

test('the browser has nothing to complain of', () => {
    assert.deepEqual(page.grave(), []);
});
