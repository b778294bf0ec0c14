// The page on an admin port of its own, of a real gateway that wants the admin token there.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { freePort, gateway } from '../client/lab.mjs';
import { openPage } from './browsing.mjs';

const TOKEN = 'a-token-of-sixteen-or-more';

let node;
let home;
let page;
let closeBrowser;

before(async () => {
    const port = await freePort();
    const options = ['--admin-port', String(port), '--admin-token', TOKEN];
    [node, [page, closeBrowser]] = await Promise.all([gateway(options), openPage()]);
    home = `http://127.0.0.1:${port}`;
});

after(async () => {
    await closeBrowser?.();
    await node?.stop();
});

test('the page is open, its figures are not', async () => {
    assert.equal((await fetch(`${home}/dashboard`)).status, 200);
    for (const path of ['nodes', 'connections', 'sessions', 'streams', 'live', 'migration']) {
        assert.equal((await fetch(`${home}/api/${path}`)).status, 401, path);
    }
    assert.equal((await fetch(`${node.url}/dashboard`)).status, 404);
});

test('with the token it shows the node, live', async () => {
    await page.open(`${home}/dashboard`);
    await page.until('it asks', () => document.getElementById('token').open);
    await page.type(TOKEN);
    await page.press('Enter');
    await page.until('the node', () => document.querySelectorAll('.card[data-state=up]').length === 1);
    await page.until('it is live', () => document.documentElement.dataset.live === 'connected');
    await page.until('the status shows it', () => document.getElementById('status').getAttribute('state') === 'connected');
});

test('a channel is not on this port, and the page says so', async () => {
    await page.show('channel');
    await page.push('Follow');
    await page.until('it is said', () =>
        document.querySelector('#panel-channel .said').textContent.startsWith('Channels are not on this port'),
    );
    assert.deepEqual(page.grave(), []);
});
