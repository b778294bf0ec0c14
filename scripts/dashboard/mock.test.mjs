// The page against a gateway of cardboard: 10,000 links, names that mean harm, a token, a node that dies on request.

import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { openPage } from './browsing.mjs';
import { HOSTILE } from './invented.mjs';
import { Mock } from './mock.mjs';

let mock;
let url;
let page;
let closeBrowser;

before(async () => {
    mock = new Mock();
    url = `${await mock.start()}/dashboard`;
    [page, closeBrowser] = await openPage();
});

after(async () => {
    await closeBrowser();
    await mock.stop();
});

beforeEach(() => {
    page.complaints = [];
});

const caption = () => document.querySelector('[role=tabpanel]:not([hidden]) caption')?.textContent;
const says = (text) => document.querySelector('[role=tabpanel]:not([hidden]) caption')?.textContent === text;

test('the overview shows each node, and what flows, in figures and in words', async () => {
    await page.open(url);
    await page.until('three cards', () => document.querySelectorAll('.card[data-state=up]').length === 3);
    await page.until('a summary', () => document.getElementById('summary').textContent.startsWith('3 nodes · 10,000 links'));
    await page.until('the graph has words', () =>
        document.querySelector('.graph').getAttribute('aria-label').startsWith('Open links, last 5 minutes: now 10,000'),
    );
    assert.equal(await page.run(() => document.querySelectorAll('.graph .trace[d^=M]').length), 4);
    assert.deepEqual(page.complaints, []);
});

test('10,000 links are pages of 50, and the last page is one step away', async () => {
    await page.show('links');
    await page.until('the count', says, '10,000 links');
    assert.equal((await page.rows()).length, 50);
    await page.push('Last');
    await page.until('the last page', () => document.querySelector('.pager p').textContent.includes('page 200 of 200'));
    await page.push('Previous');
    await page.until('the one before', () => document.querySelector('.pager p').textContent.includes('9,901 to 9,950'));
});

test('links are sorted by what their headings say, largest first', async () => {
    await page.push('Lag');
    await page.until('sorted', () => document.querySelector('[aria-sort=descending]')?.textContent === 'Lag');
    await page.until('from the first page on', () => document.querySelector('.pager p').textContent.startsWith('1 to 50'));
    const lags = (await page.rows()).map((row) => Number(row.Lag));
    assert.deepEqual(lags, [...lags].sort((a, b) => b - a));
    assert.ok(lags[0] > 0);
});

test('links are filtered by node, state and text, and the outcome is said', async () => {
    await page.fill('Node', 'n2');
    await page.fill('State', 'lagging');
    await page.until('fewer', () => {
        const rows = [...document.querySelectorAll('#panel-links tbody tr')].map((row) => row.textContent);
        return rows.length > 0 && rows.every((text) => text.includes('lagging') && text.includes('n2'));
    });
    assert.ok((await page.rows()).every((row) => row.Node === 'n2' && row.State === 'lagging'));
    await page.fill('Stream, client', 'no such thing');
    await page.until('none', says, '0 links of 10,000');
    assert.equal(await page.run(() => document.querySelector('.empty:not([hidden])').textContent), 'No link fits what you look for.');
    assert.match(await page.run(() => document.getElementById('announcements').textContent), /^0 links/);
    await page.fill('Stream, client', '');
    await page.fill('State', '');
    await page.fill('Node', '');
    await page.until('all again', says, '10,000 links');
});

test('a name is text, whatever is written in it, and hides nothing', async () => {
    await page.fill('Stream, client', 'owned');
    await page.until('some', () => document.querySelector('caption').textContent.startsWith('4 links'));
    const names = (await page.rows()).map((row) => row.Client);
    for (const hostile of HOSTILE.slice(0, 4)) {
        assert.ok(names.includes(`${hostile} 1.0`), `${hostile} among ${names}`);
    }
    await page.show('sessions');
    await page.until('sessions', says, '60 sessions');
    const shown = (await page.rows()).map((row) => row.Client);
    assert.ok(shown.includes('evil⟨202e⟩gnp.exe 1.0'), 'a mark that turns the writing is shown');
    assert.ok(shown.includes('a⟨00⟩b⟨1b⟩[31mc⟨200b⟩d 1.0'), 'controls are shown');
    assert.ok(shown.every((name) => name.length < 150), 'no name is endless');
    for (const view of ['migration', 'closings', 'streams', 'upstreams']) {
        await page.show(view);
        await page.until(`${view} has rows`, () => document.querySelector('[role=tabpanel]:not([hidden]) tbody tr'));
    }
    assert.equal(await page.run(() => document.title), 'Lifeline');
    assert.equal(await page.run(() => document.querySelectorAll('main img, main script, main [onload], main [onerror]').length), 0);
    assert.deepEqual(page.complaints, []);
});

test('sessions show what they wait for, streams and upstreams how they are', async () => {
    await page.show('sessions');
    const sessions = await page.rows();
    assert.ok(sessions.some((row) => row['Open exchanges'].startsWith('tools/call, 2 s')));
    await page.show('streams');
    await page.until('meters', () => document.querySelector('#panel-streams meter')?.getAttribute('aria-valuetext').endsWith(' %'));
    await page.show('upstreams');
    const upstreams = await page.rows();
    assert.deepEqual(
        upstreams.filter((row) => row.State === 'reconnecting').map((row) => [row.Upstream, row.Node, row['Last failure']]),
        [['search', 'n2', 'the process ended with code 1']],
    );
    await page.show('migration');
    const clients = await page.rows();
    assert.ok(clients.some((row) => row.Uses === 'legacy' && row.Advice === 'needs an update'));
});

test('closings are counted by reason and filtered by it', async () => {
    await page.show('closings');
    await page.until('all', says, '150 closings, newest first');
    await page.fill('Reason', 'peer_lost');
    await page.until('some', () => /^\d\d closings/.test(document.querySelector('#panel-closings caption').textContent));
    assert.ok((await page.rows()).every((row) => row.Reason === 'peer_lost'));
    const reasons = await page.run(() => [...document.querySelectorAll('.reasons li')].map((one) => one.textContent));
    assert.ok(reasons.some((text) => /^peer_lost\d+$/.test(text)), reasons.join());
});

test('a channel is followed and published to, whatever the type of its events and the text in them', async () => {
    await page.show('channel');
    await page.push('Follow');
    await page.until('attached', () => document.querySelector('#panel-channel .said').textContent.startsWith('Attached'));
    await page.fill('Data', HOSTILE[0]);
    await page.fill('Type', 'price');
    await page.push('Publish');
    await page.until('it is heard', (text) => {
        const [, type, data] = document.querySelector('.events li')?.children ?? [];
        return type?.textContent === 'price' && data.textContent === text;
    }, HOSTILE[0]);
    await page.push('Stop');
    await page.until('stopped', () => document.querySelector('#panel-channel .said').textContent === 'Stopped after 1.');
    assert.deepEqual(page.complaints, []);
});

test('a node that dies is shown as gone, and the page lives on', async () => {
    await page.show('overview');
    mock.kill('n3');
    await page.until('n3 is gone', () => document.querySelector('.card[data-state=gone] h3')?.textContent === 'n3');
    await page.until('the summary says it', () => document.getElementById('summary').textContent.startsWith('2 nodes, 1 gone'));
    await page.until('live again', () => document.documentElement.dataset.live === 'connected');
    assert.deepEqual(page.grave(), []);
});

test('a node that said that it was going has left, which is no accident', async () => {
    mock.drain('n2');
    await page.until('it drains', () => document.querySelector('.card[data-state=draining] h3')?.textContent === 'n2');
    mock.kill('n2');
    await page.until('it left', () => document.querySelector('.card[data-state=left] h3')?.textContent === 'n2');
    assert.match(await page.run(() => document.getElementById('summary').textContent), /^1 node, 1 gone/);
    assert.equal(await page.run(() => document.title), 'Lifeline: 1 node gone');
});

test('the colours follow the system until somebody chooses, and the choice lasts', async () => {
    const ground = () => getComputedStyle(document.body).backgroundColor;
    const light = await page.run(ground);
    await page.prefer('dark');
    const dark = await page.run(ground);
    assert.notEqual(light, dark);
    await page.click('#theme input[value=light]');
    assert.equal(await page.run(ground), light);
    await page.open(url);
    assert.equal(await page.run(ground), light);
    await page.click('#theme input[value=auto]');
    assert.equal(await page.run(ground), dark);
    await page.prefer('light');
});

test('where a token is wanted, the page asks for it, keeps it in its tab and tries again', async () => {
    const guarded = new Mock({ token: 'the-admin-token', links: 10 });
    const home = await guarded.start();
    await page.open(`${home}/dashboard`);
    const asks = () => document.getElementById('token').open;
    await page.until('it asks', asks);
    await page.type('wrong');
    await page.press('Enter');
    await page.until('it asks again', () => document.getElementById('token-why').textContent === 'That token was not accepted.');
    await page.until('with an empty field', () => document.getElementById('token-value').value === '');
    await page.type('the-admin-token');
    await page.press('Enter');
    await page.until('it shows', () => document.querySelectorAll('.card[data-state=up]').length === 3);
    await page.until('it is live', () => document.documentElement.dataset.live === 'connected');
    assert.equal(await page.run(() => Object.values(localStorage).concat(location.href).join().includes('the-admin-token')), false);
    assert.equal(await page.run(() => Object.values(sessionStorage).includes('the-admin-token')), true);
    const before = guarded.unanswered;
    await page.open(`${home}/dashboard`);
    await page.until('no question', () => document.querySelectorAll('.card[data-state=up]').length === 3);
    assert.equal(guarded.unanswered, before);
    await guarded.stop();
});

test('who has no token may say so, and is not asked again', async () => {
    const guarded = new Mock({ token: 'the-admin-token', links: 10 });
    await page.open(`${await guarded.start()}/dashboard`);
    await page.until('it asks', () => document.getElementById('token').open);
    await page.press('Escape');
    await page.until('it says why', () => document.getElementById('summary').textContent === 'Send a bearer token.');
    await page.show('links');
    await page.until('here too', () => document.querySelector('#panel-links .notice').textContent === 'Send a bearer token.');
    assert.equal(await page.run(() => document.getElementById('token').open), false);
    await guarded.stop();
});

test('behind a proxy that puts a path before it, the page finds its files, its figures and its stream', async () => {
    await page.open(url.replace('/dashboard', '/behind/dashboard'));
    await page.until('its figures', () => document.querySelectorAll('.card[data-state=up]').length > 0);
    await page.until('its stream', () => document.documentElement.dataset.live === 'connected');
    const addresses = await page.run(() => performance.getEntriesByType('resource').map((one) => new URL(one.name).pathname));
    assert.ok(addresses.length > 10 && addresses.every((path) => path.startsWith('/behind/')), addresses.join());
});

test('where there is nothing, the page says what to do next', async () => {
    const quiet = new Mock({ empty: true, nodes: ['n1'] });
    const home = await quiet.start();
    await page.open(`${home}/dashboard#links`);
    for (const [view, line] of [
        ['links', `curl -N ${home}/events/demo`],
        ['sessions', `${home}/mcp`],
        ['streams', `curl -N ${home}/events/demo`],
        ['upstreams', '--upstream docs='],
        ['closings', 'No link has ended yet.'],
        ['migration', `${home}/mcp`],
    ]) {
        await page.show(view);
        await page.until(`${view}: ${line}`, (text) =>
            document.querySelector('[role=tabpanel]:not([hidden]) .empty:not([hidden])')?.textContent.includes(text), line);
    }
    assert.equal(await page.run(caption), '0 clients');
    await quiet.stop();
});
