// The page against real gateways: three nodes, Redis, a round robin; and the node that serves the page is killed.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openPage } from './browsing.mjs';
import { Cluster } from './cluster.mjs';
import { POLICY } from './mock.mjs';

const BASE = Number(process.env.DASHBOARD_PORTS ?? 18_300);
const READERS = 12;
const PROBE = '<b>probe</b>';

let cluster;
let page;
let closeBrowser;
const leave = [];

before(async () => {
    [cluster, [page, closeBrowser]] = await Promise.all([Cluster.start(BASE), openPage()]);
    for (let i = 0; i < READERS; i += 1) {
        leave.push(await cluster.read('orders.eu'));
    }
    leave.push(await cluster.converse(PROBE));
});

after(async () => {
    await closeBrowser?.();
    await Promise.all(leave.map((end) => end()));
    await cluster?.stop();
});

const shown = ([state, names]) =>
    [...document.querySelectorAll(`.card[data-state=${state}] h3`)].map((one) => one.textContent).join() === names;
const figure = (label) => {
    const facts = [...document.querySelectorAll('.card[data-state=up] .facts > div')];
    const values = facts.filter((one) => one.firstChild.textContent === label).map((one) => one.lastChild.textContent);
    return values.reduce((sum, value) => sum + Number(value), 0);
};
const heard = (text) => [...document.querySelectorAll('.events li')].filter((one) => one.lastChild.textContent === text).length;

test('three nodes report over the gateway’s own event stream', async () => {
    const response = await fetch(`${cluster.url}/dashboard`);
    assert.equal(response.headers.get('Content-Security-Policy'), POLICY, 'the cardboard gateway has the same policy');
    await page.open(`${cluster.url}/dashboard`);
    await page.until('three cards', shown, ['up', 'n1,n2,n3']);
    await page.until('live', () => /^through n[123]$/.test(document.getElementById('served').textContent));
    const links = await page.until('the links of all nodes', figure, 'Links');
    assert.ok(links > READERS, `${links} links`);
});

test('what flows moves the graphs', async () => {
    for (let i = 0; i < 50; i += 1) {
        await cluster.publish('orders.eu', `order ${i}`);
    }
    await page.until('published is seen', () => {
        const [, words] = [...document.querySelectorAll('.graph')].map((one) => one.getAttribute('aria-label'));
        return /most [1-9]/.test(words);
    });
});

test('links, sessions, streams, upstreams and migration are the real ones', async () => {
    await page.show('links');
    await page.fill('Kind', 'channel');
    await page.until('its readers', (n) => document.querySelectorAll('#panel-links tbody tr').length === n, READERS);
    const links = await page.rows();
    assert.ok(links.every((row) => row.Stream.includes('orders.eu') && Number(row.Events) >= 50), JSON.stringify(links[0]));
    assert.deepEqual([...new Set(links.map((row) => row.Node))].sort(), ['n1', 'n2', 'n3']);
    await page.show('sessions');
    await page.until('the session', (name) => document.querySelector('#panel-sessions tbody td')?.textContent === name, `${PROBE} 1.0`);
    await page.show('streams');
    await page.until('the stream', () => document.querySelector('#panel-streams tbody')?.textContent.includes('orders.eu'));
    await page.show('upstreams');
    await page.until('the upstream on three nodes', () => document.querySelectorAll('#panel-upstreams tbody tr').length === 3);
    await page.show('migration');
    await page.until('the client', (name) => document.querySelector('#panel-migration tbody')?.textContent.includes(name), PROBE);
    assert.deepEqual(page.grave(), []);
});

test('the node that serves the page is killed, and the page goes on at another', async () => {
    await page.show('channel');
    await page.push('Follow');
    await page.until('attached', () => document.querySelector('#panel-channel .said').textContent.startsWith('Attached'));
    await cluster.publish('demo', 'before');
    await page.until('heard', heard, 'before');
    const served = await page.run(() => document.getElementById('served').textContent.replace('through ', ''));
    await page.show('overview');
    const begin = Date.now();
    cluster.kill(served);
    await page.until('the status says that it was lost', () => document.documentElement.dataset.live !== 'connected');
    await page.until('it is shown as gone', shown, ['gone', served]);
    await page.until('live through another', (name) => {
        const { live } = document.documentElement.dataset;
        return live === 'connected' && document.getElementById('served').textContent !== `through ${name}`;
    }, served);
    const others = ['n1', 'n2', 'n3'].filter((node) => node !== served).join();
    await page.until('the others are up', shown, ['up', others]);
    assert.match(await page.run(() => document.getElementById('summary').textContent), /^2 nodes, 1 gone/);
    console.log(`# gone, and live again, ${((Date.now() - begin) / 1000).toFixed(1)} s after kill -9`);
    await page.picture('dashboard-node-gone');
});

test('the channel that was followed goes on, with nothing missing and nothing twice', async () => {
    await cluster.publish('demo', 'after');
    await page.show('channel');
    await page.until('heard', heard, 'after');
    assert.equal(await page.run(heard, 'before'), 1);
    assert.equal(await page.run(heard, 'after'), 1);
    await page.push('Stop');
    assert.deepEqual(page.grave(), []);
});

test('no link is shown on the node that is gone', async () => {
    await page.show('links');
    await page.fill('Kind', '');
    const gone = await page.run(() => document.querySelector('.card[data-state=gone] h3').textContent);
    await page.until('those of the others, and none of its own', (name) => {
        const cells = [...document.querySelectorAll('#panel-links tbody [data-label=Node]')];
        return cells.length > 0 && cells.every((cell) => cell.textContent !== name);
    }, gone);
});
