// An upstream and a feed that use every liberty of the format, and some it does not give, in data, id and event.

import http from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { Checks } from '../checks.mjs';
import { Reader } from '../raw.mjs';
import { Talk } from '../talk.mjs';
import { Upstream } from '../upstream.mjs';
import { until } from '../../lab/lab.mjs';
import { notification } from '../../lab/upstream.mjs';

export const scenario = {
    number: 23,
    stars: 3,
    title: 'CR, LF, CRLF, NUL, BOM, U+2028 in data/id/event from the upstream',
    expected: 'bytes arrive intact; no injected event; bad id or event refused',
    also: 'SseEncoderTest, SseParserTest, MessageFuzzTest',
};

const BOM = '\ufeff';
const evil = 'x\nid: evil\nevent: evil\ndata: injected\n\nevent: evil\rdata: injected\r\r\r\nevent: evil\r\ndata: injected\r\n\r\n';
/** Texts inside JSON, where every one of them can be said. */
const texts = [evil, 'a\rb', 'a\r\nb', 'a\nb', 'a\u0000b', `${BOM}a${BOM}`, 'a\u2028b\u2029c\u0085d', 'ü 豆腐 😀', '\ud83d\ude00'];

/** How one message may stand in a stream: lines ended this way and that, JSON broken into lines where JSON allows it. */
function spellings(text) {
    const json = JSON.stringify(notification(text));
    const broken = JSON.stringify(notification(text), null, 1);
    const lines = (source, end) => source.split('\n').map((line) => `data: ${line}${end}`).join('') + end;
    return [
        `event: message\ndata: ${json}\n\n`,
        `event: message\r\ndata: ${json}\r\n\r\n`,
        `event: message\rdata: ${json}\r\r`,
        lines(broken, '\n'),
        lines(broken, '\r\n'),
        lines(broken, '\r'),
        `: comment ${BOM}\ndata:${json}\n\n`,
    ];
}

/** Ids that are no ids, or dangerous as ones: the event counts, the id must not be repeated into a header or a stream. */
const ids = ['a\u0000b', ' \u0000', 'ü豆腐', 'x'.repeat(5000), 'a\u2028b', 'a: b', '%0d%0aevent: evil', `${BOM}7`];

async function throughMcp(checks, upstream, url) {
    const talk = await new Talk(url, { name: 'bytes' }).open();
    const standing = await talk.listen().opened;
    await until(() => upstream.sessionOf('bytes').stream, 'the standing stream');
    const wire = upstream.sessionOf('bytes').stream;
    const wanted = [];
    for (const text of texts) {
        for (const spelling of spellings(text)) {
            wanted.push(text);
            wire.write(spelling);
        }
    }
    ids.forEach((id, i) => {
        wanted.push(`id ${i}`);
        wire.write(`id: ${id}\nevent: message\ndata: ${JSON.stringify(notification(`id ${i}`))}\n\n`);
    });
    // Types that are no messages, and one that would be a field of its own.
    for (const type of ['evil', 'endpoint', 'gap', 'heartbeat', 'a\u0000b', `${BOM}message`]) {
        wire.write(`event: ${type}\ndata: ${JSON.stringify(notification('of a bad event'))}\n\n`);
    }
    wanted.push('the end');
    wire.write(`data: ${JSON.stringify(notification('the end'))}\n\n`);
    const got = () => standing.messages.map(({ params }) => params.data);
    await until(() => got().at(-1) === 'the end', 'the end', 20_000).catch(() => {});
    const heard = got();
    checks.expect(JSON.stringify(heard) === JSON.stringify(wanted), `of ${wanted.length} texts came ${heard.length}: ${firstDifference(heard, wanted)}`);
    const strange = standing.events.filter(({ event, data }) => data && event !== 'message');
    checks.expect(strange.length === 0, `events nobody sent: ${JSON.stringify(strange.slice(0, 2))}`);
    const own = /^[\w-]+\.[\w-]+$/;
    checks.expect(standing.events.every(({ id }) => id === undefined || own.test(id)), 'an id of the upstream went through');
    await answerIntact(checks, talk);
    wire.end();
    await until(() => upstream.requests.filter(({ method }) => method === 'GET').length > 1, 'the link coming back', 20_000);
    const back = upstream.requests.findLast(({ method }) => method === 'GET').headers['last-event-id'];
    checks.expect(back === undefined || !/[\r\n\0]/.test(back), `the upstream was asked to go on after ${back}`);
    return wanted.length;
}

/** The same in answers to calls, as JSON whole. */
async function answerIntact(checks, talk) {
    for (const [i, text] of texts.entries()) {
        const { answer } = await talk.run('look', { secret: text }, { id: 100 + i });
        checks.expect(answer?.result?.content[0].text === text, `an answer changed ${JSON.stringify(text)}`);
    }
}

const firstDifference = (heard, wanted) => {
    const at = wanted.findIndex((text, i) => heard[i] !== text);
    return `at ${at} ${JSON.stringify(heard[at])} instead of ${JSON.stringify(wanted[at])}`;
};

/** A feed may say anything; what arrives is what a parser makes of it, in our own frames. */
async function throughFeed(checks, lab) {
    const sent = [
        ['data: one\rdata: two\r\r', 'message', 'one\ntwo'],
        ['data: one\r\ndata: two\r\n\r\n', 'message', 'one\ntwo'],
        [`data: ${BOM}bom\n\n`, 'message', `${BOM}bom`],
        ['data: nul\u0000nul\n\n', 'message', 'nul\u0000nul'],
        ['data: ls\u2028ps\u2029nel\u0085\n\n', 'message', 'ls\u2028ps\u2029nel\u0085'],
        ['event: named\ndata: x\n\n', 'named', 'x'],
        ['id: a\u0000b\ndata: a bad id\n\n', 'message', 'a bad id'],
        ['id: 7\ndata: event: evil\ndata: id: evil\n\n', 'message', 'event: evil\nid: evil'],
        ['data: the end\n\n', 'message', 'the end'],
    ];
    let write;
    const source = http.createServer((request, response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' }).write(': here\n\n');
        write = (bytes) => response.write(bytes);
    });
    await new Promise((resolve) => source.listen(0, '127.0.0.1', resolve));
    try {
        const gateway = await lab.gateway('feeding', { options: ['--feed', `wild=http://127.0.0.1:${source.address().port}/`] });
        const reader = await new Reader(`${gateway.url}/events/wild`).opened;
        await until(() => write, 'the feed being followed', 20_000);
        await pause(100);
        sent.forEach(([bytes]) => write(bytes));
        const told = () => reader.events.filter(({ data }) => data !== undefined);
        await until(() => told().at(-1)?.data === 'the end', 'the end of the feed', 15_000).catch(() => {});
        const got = told().map(({ event = 'message', data }) => [event, data]);
        const wanted = sent.map(([, event, data]) => [event, data]);
        checks.expect(JSON.stringify(got) === JSON.stringify(wanted), `the feed became ${JSON.stringify(got)}`);
        const own = /^[\w-]+$/;
        checks.expect(reader.events.every(({ id }) => id === undefined || own.test(id)), 'an id of the feed went through');
        reader.leave();
        return sent.length;
    } finally {
        source.closeAllConnections();
        source.close();
    }
}

export async function run({ lab }) {
    const checks = new Checks();
    const upstream = await new Upstream().listen();
    try {
        const { url } = await lab.cluster(3, ['--upstream', `${upstream.url}/mcp`]);
        const mcp = await throughMcp(checks, upstream, url);
        const feed = await throughFeed(checks, lab);
        return checks.outcome(`${mcp} messages of an upstream, ${texts.length} answers and ${feed} events of a feed, all intact; 0 injected; 6 events of a wrong type dropped; no foreign id passed on`);
    } finally {
        await upstream.close();
    }
}
