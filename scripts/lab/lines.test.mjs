// The parser that the oracles read by: what it makes of every way to say the same, cut anywhere.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { frames, Lines } from './lines.mjs';

function read(text, options, cuts = []) {
    const bytes = Buffer.from(text);
    const heard = [];
    const lines = new Lines({ event: (event) => heard.push(event), comment: (said, inside) => heard.push({ said, inside }) }, options);
    let from = 0;
    for (const to of [...cuts, bytes.length]) {
        lines.take(bytes.subarray(from, to));
        from = to;
    }
    return heard;
}

const said = ': hello\nid: 1\nevent: news\ndata: ü\ndata:  two\n\ndata\n\n: bye\n';
const meant = [{ said: ' hello', inside: false }, { id: '1', event: 'news', data: 'ü\n two' }, { data: '' }, { said: ' bye', inside: false }];

test('an event is what its lines say, wherever they are cut', () => {
    for (let cut = 0; cut < Buffer.from(said).length; cut++) {
        assert.deepEqual(read(said, {}, [cut]), meant, `cut at ${cut}`);
    }
});

test('CRLF ends a line, but for one who wants to see it', () => {
    assert.deepEqual(read('data: x\r\n\r\n'), [{ data: 'x' }]);
    assert.deepEqual(read('data: x\r\n\n', { bare: true }), [{ data: 'x\r' }]);
});

test('a comment inside an event is told as such', () => {
    assert.deepEqual(read('data: x\n: in\n\n'), [{ said: ' in', inside: true }, { data: 'x' }]);
});

test('an event that is not ended is none', () => assert.deepEqual(read('data: x\n'), []));

test('frames come one by one, comments among them', async () => {
    const found = [];
    for await (const frame of frames([Buffer.from(': a\nid: 7\nda'), Buffer.from('ta: b\n\nid: 8\n\n')])) {
        found.push(frame);
    }
    assert.deepEqual(found, [{ comment: 'a' }, { id: '7', data: 'b' }, { id: '8' }]);
});
