// The JavaScript client of ours as a process, for a place that can be cut off: says what happens to it, a line of JSON each.
//   node visitor.mjs URL IDLE_MILLIS

import { LifelineSource } from '../../gateway/src/main/resources/client/lifeline.js';

const [url, idle] = process.argv.slice(2);
const tell = (what, more) => console.log(JSON.stringify({ at: performance.timeOrigin + performance.now(), what, ...more }));
const source = new LifelineSource(url, { idleTimeout: Number(idle), maxDelay: 2000, connectTimeout: 2000 });
source.addEventListener('message', ({ data, lastEventId }) => tell('event', { data, id: lastEventId }));
source.addEventListener('gap', ({ detail }) => tell('gap', detail));
source.addEventListener('state', ({ detail }) => tell('state', { state: detail.state, reason: detail.reason }));
