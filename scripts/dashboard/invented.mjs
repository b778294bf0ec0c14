// What the cardboard gateway tells: figures by arithmetic, the same at each start, and some names meant to do harm.

export const HOSTILE = [
    '<img src=x onerror="document.title=\'owned\'">',
    '</td><script>document.title="owned"</script>',
    '"><svg onload=document.title=\'owned\'>',
    'javascript:document.title="owned"',
    'evil\u202egnp.exe',
    'a\u0000b\u001b[31mc\u200bd',
    '{{constructor.constructor("document.title=1")()}}',
    'W'.repeat(5_000),
];

const CLIENTS = [
    ['cursor', '1.9.2'],
    ['claude-code', '2.1.0'],
    ['claude-desktop', '0.14.1'],
    ['mcp-inspector', '0.17.2'],
    ['toolman', '2.4.0'],
    ['vscode', '1.106.0'],
];
const KINDS = ['channel', 'channel', 'mcp_get', 'mcp_sse', 'mcp_post'];
const CHANNELS = ['orders.eu', 'orders.us', 'prices', 'news', 'builds', 'sensors.hall-3'];
const METHODS = ['tools/call', 'resources/read', 'tools/list'];
const GIB = 2 ** 30;

const hash = (n) => ((Math.imul(n + 1, 2654435761) >>> 0) % 100_000) / 100_000;
const pick = (list, n) => list[Math.floor(hash(n) * list.length)];
const hex = (n) => (Math.imul(n + 7, 2246822519) >>> 0).toString(16).padStart(8, '0');

function client(n) {
    if (n < HOSTILE.length) {
        return { name: HOSTILE[n], version: '1.0' };
    }
    const [name, version] = pick(CLIENTS, n);
    return { name, version };
}

export function links(wanted, nodes) {
    return Array.from({ length: wanted }, (_, n) => {
        const kind = n < HOSTILE.length ? 'mcp_get' : pick(KINDS, n);
        const channel = kind === 'channel';
        const lagging = n % 97 === 5;
        return {
            id: hex(n),
            node: nodes[n % nodes.length],
            kind,
            stream: channel ? `channel:${pick(CHANNELS, n * 3)}` : hex(n * 5),
            state: lagging ? 'lagging' : n % 211 === 9 ? 'replaying' : 'live',
            opened_at: new Date(Date.now() - n * 9_000).toISOString(),
            age_seconds: n * 9 + 3,
            idle_seconds: Math.floor(hash(n * 11) * 40),
            heartbeats: Math.floor((n * 9) / 30),
            events: Math.floor(hash(n * 13) * 4_000),
            bytes: Math.floor(hash(n * 17) * 9_000_000),
            lag: lagging ? 1 + (n % 61) : 0,
            client: channel ? null : client(n),
            address: `10.${n % 7}.${n % 200}.${n % 251}`,
            principal: n % 4 === 0 ? 'anonymous' : `team-${n % 9}`,
        };
    });
}

export function sessions(wanted, nodes) {
    return Array.from({ length: wanted }, (_, n) => ({
        session: hex(n * 5),
        upstream: n % 3 === 0 ? 'search' : 'docs',
        transport: n % 4 === 0 ? 'legacy' : 'streamable',
        revision: n % 4 === 0 ? '2024-11-05' : '2025-11-25',
        client: client(n),
        principal: n % 4 === 0 ? 'anonymous' : `team-${n % 9}`,
        listening: n % 5 !== 0,
        node: nodes[n % nodes.length],
        holder: nodes[(n + 1) % nodes.length],
        open_exchanges: Array.from({ length: n % 6 === 1 ? 1 + (n % 7) : 0 }, (_one, i) => ({
            method: METHODS[i % METHODS.length],
            age_seconds: 2 + i * 3,
        })),
        changed_at: new Date(Date.now() - n * 31_000).toISOString(),
    }));
}

export function streams(wanted, nodes) {
    return Array.from({ length: wanted }, (_, n) => ({
        stream: n < CHANNELS.length ? `channel:${CHANNELS[n]}` : hex(n * 5),
        node: nodes[n % nodes.length],
        readers: n < CHANNELS.length ? 900 - n * 120 : 1,
        ring_events: Math.floor(hash(n) * 1_000),
        ring_bytes: Math.floor(hash(n) * 4_000_000),
        ring_fill: hash(n),
        tail: `hocyoue2mk-${1_000 + n * 17}`,
    }));
}

export function closings(i) {
    const reasons = ['client_left', 'client_left', 'client_left', 'rotated', 'peer_lost', 'superseded', 'stalled'];
    return Array.from({ length: 50 }, (_, n) => {
        const reason = pick(reasons, n * 3 + i);
        return {
            at: new Date(Date.now() - n * 47_000 - i * 9_000).toISOString(),
            reason,
            code: 1,
            return: reason !== 'superseded',
            kind: pick(KINDS, n),
            client: n % 3 === 0 ? null : { name: 'cursor', version: '1.9.2' },
            age_seconds: Math.floor(hash(n) * 90_000),
        };
    });
}

/** A node's figures now: they breathe a little, as those of a real one do. */
export function report(node, held, recent, now) {
    const wave = 1 + 0.25 * Math.sin(now / 23_000 + node.i) + 0.08 * hash(Math.floor(now / 2_000) + node.i);
    const per = held === 0 ? 0 : wave;
    return {
        node: node.name,
        version: '0.1.0',
        status: node.status ?? 'up',
        started_at: new Date(node.began).toISOString(),
        uptime_seconds: Math.floor((now - node.began) / 1000),
        log: { kind: 'redis', available: true },
        relay: 'joined',
        links: { open: held, opened: held * 3, refused: 0 },
        sessions: { held: held === 0 ? 0 : 20, open_exchanges: held === 0 ? 0 : 4 + node.i },
        streams: { attended: held === 0 ? 0 : 40, ring_bytes: 41_000_000 * per, ring_fill: 0.42 * per },
        rates: { published: 120 * per, delivered: 14_200 * per, bytes: 2_600_000 * per, heartbeats: held / 30 },
        upstreams: held === 0 ? [] : upstreams(node.i),
        heap: { used: 0.21 * GIB * wave, max: 0.5 * GIB },
        closings: recent,
    };
}

function upstreams(i) {
    const docs = { name: 'docs', kind: 'streamable', url_or_command: 'http://10.0.0.8:3000/mcp', state: 'connected' };
    const search = { name: 'search', kind: 'stdio', url_or_command: 'search-server --index /data', state: 'idle' };
    return [
        { ...docs, links: 12, reconnections: i, last_failure: null },
        i === 1
            ? { ...search, state: 'reconnecting', links: 3, reconnections: 4, last_failure: 'the process ended with code 1' }
            : { ...search, links: 0, reconnections: 0, last_failure: null },
    ];
}

export function migration() {
    const day = 86_400_000;
    const seen = (days) => new Date(Date.now() - days * day).toISOString();
    const one = (n, transport, advice, why) => ({
        client: client(n).name,
        version: client(n).version,
        principal: `team-${n % 9}`,
        transport,
        first_seen: seen(n % 40),
        last_seen: seen(0),
        count: 40 + n * 3,
        advice,
        why,
    });
    return {
        clients: [
            one(20, 'legacy', 'ready', 'It has spoken Streamable HTTP to this gateway before.'),
            one(33, 'legacy', 'update', 'Versions before 1.10 know the legacy transport only.'),
            one(0, 'legacy', 'unknown', 'Nothing is known of it.'),
            one(41, 'streamable', 'ready', ''),
            one(52, 'streamable', 'ready', ''),
        ],
        sunset: '2027-06-30',
        legacy_share: 0.38,
    };
}
