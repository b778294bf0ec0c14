// Upstreams that name places which are none of theirs: another port, the address where clouds keep their secrets, a file.

import http from 'node:http';
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { accepting, hello } from '../../lab/mcp.mjs';
import { Checks } from '../checks.mjs';
import { ask } from '../mcp.mjs';
import { Network, Parts } from '../places.mjs';
import { Reader } from '../raw.mjs';

export const scenario = {
    number: 27,
    stars: 2,
    title: 'Upstream `endpoint`, `Location`, `resource_metadata` → other origin, 169.254.169.254, file:',
    expected: 'refused, logged, no request leaves (canary listener sees 0)',
    also: 'DoorTest, SseLinkTest, StreamableCallTest',
};

const CLOUD = '169.254.169.254';

/** Where an upstream may try to send us. */
const places = (canary, own) => ({
    port: `http://${canary}/steal`,
    relative: `//${canary}/steal`,
    user: `http://${own}@${canary}/steal`,
    cloud: `http://${CLOUD}/latest/meta-data/`,
    mapped: `http://[::ffff:${CLOUD}]/latest/meta-data/`,
    decimal: 'http://2852039166/latest/meta-data/',
    file: 'file:///etc/passwd',
    gopher: `gopher://${canary}/_x`,
    secure: `https://${canary}/steal`,
    backslash: `http:\\\\${canary}\\steal`,
});

/** One listener for all of them: the path says what it does and where it points. */
async function listen(host, handler) {
    const server = http.createServer(handler);
    await new Promise((resolve) => server.listen(0, host, resolve));
    return { server, name: `${host}:${server.address().port}`, close: () => server.closeAllConnections() ?? server.close() };
}

/** POST is sent on with its body, GET by any of the statuses, a 401 says where to ask for permission. */
function misbehave(pointing, request, response) {
    const [, how, name] = request.url.split('?')[0].split('/');
    const place = pointing()[name];
    if (how === 'endpoint') {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.write(`event: endpoint\ndata: ${place}\n\n`);
    } else if (how === 'unauthorized') {
        response.writeHead(401, { 'www-authenticate': `Bearer resource_metadata="${place}", realm="${place}"` }).end();
    } else {
        response.writeHead(Number(how), { location: place }).end();
    }
}

/** An upstream for each way and place, and a feed for each that is about reading. */
function configured(own, names) {
    const upstreams = [];
    const feeds = [];
    for (const name of names) {
        upstreams.push([`endpoint-${name}`, `http://${own}/endpoint/${name}/sse`]);
        upstreams.push([`s307-${name}`, `http://${own}/307/${name}/mcp`], [`s308-${name}`, `http://${own}/308/${name}/mcp`]);
        upstreams.push([`s302-${name}`, `http://${own}/302/${name}/mcp`]);
        upstreams.push([`unauthorized-${name}`, `http://${own}/unauthorized/${name}/mcp`]);
        upstreams.push([`moved-${name}`, `http://${own}/301/${name}/sse`]);
        feeds.push([`feed-${name}`, `http://${own}/302/${name}/feed`]);
    }
    return { upstreams, feeds };
}

const listed = (pairs) => pairs.map(([name, url]) => `${name}=${url}`).join();

export async function run({ lab, say }) {
    const checks = new Checks();
    const alone = Network.missing();
    const network = alone ? null : new Network('n1');
    const parts = new Parts(lab);
    const host = network?.address ?? '127.0.0.1';
    let seen = 0;
    const canary = await listen(host, (request, response) => ++seen && response.end('caught'));
    canary.server.on('connection', () => seen++);
    let own;
    const upstream = await listen(host, (request, response) => misbehave(() => places(canary.name, own), request, response));
    own = upstream.name;
    try {
        if (network) {
            // Without a way there nothing could leave, and nothing would be proven.
            network.n1.sh('ip', 'route', 'add', 'default', 'via', network.address);
            network.n1.sh('nft', `add rule inet cut out ip daddr 169.254.0.0/16 counter`);
        }
        const names = Object.keys(places('', ''));
        const { upstreams, feeds } = configured(own, names);
        const patience = ['--upstream-patience', '1s', '--upstream-retry-initial', '200ms', '--upstream-retry-tries', '2', '--upstream-timeout', '5s'];
        const options = ['--upstream', listed(upstreams), '--feed', listed(feeds), ...patience];
        const gateway = await parts.gateway('trusting', { place: network?.n1, options });
        const readers = await Promise.all(feeds.map(([name]) => new Reader(`${gateway.url}/events/${name}`).opened));
        for (let i = 0; i < upstreams.length; i += 6) {
            const some = upstreams.slice(i, i + 6);
            const answers = await Promise.all(
                some.map(([name]) => ask(gateway.url, { path: `/${name}/mcp`, headers: accepting, body: hello('board'), patience: 60_000 }).catch((error) => ({ status: error.message, body: '' }))),
            );
            answers.forEach(({ status, body }, which) => {
                const refused = status >= 400 && /"error"/.test(body);
                checks.expect(refused, `${some[which][0]} was answered ${status} ${String(body).slice(0, 80)}`);
                checks.expect(!/caught|root:/.test(body), `${some[which][0]} gave what it was not to have`);
            });
        }
        say(`${upstreams.length} upstreams were asked`);
        await pause(3000);
        readers.forEach((reader) => reader.leave());
        const packets = network ? Number(/packets (\d+)/.exec(network.n1.sh('nft', 'list', 'chain', 'inet', 'cut', 'out'))[1]) : 0;
        checks.expect(seen === 0, `the canary saw ${seen} connections and requests`);
        checks.expect(packets === 0, `${packets} packets went to ${CLOUD}`);
        const log = readFileSync(gateway.log, 'utf8').split('\n').filter((line) => /WARN|ERROR|INFO/.test(line));
        const silent = [...upstreams, ...feeds].filter(([name]) => !log.some((line) => line.includes(name)));
        checks.expect(silent.length === 0, `nothing in the log about ${silent.map(([name]) => name).join(' ')}`);
        const cloud = network ? `${packets} packets to ${CLOUD}` : `packets to ${CLOUD} not counted (${alone})`;
        return checks.outcome(`${upstreams.length} upstreams and ${feeds.length} feeds that point elsewhere: all refused and logged; canary saw ${seen}, ${cloud}`);
    } finally {
        await parts.close();
        canary.close();
        upstream.close();
        network?.close();
    }
}
