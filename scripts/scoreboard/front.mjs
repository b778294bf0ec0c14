// Proxies with a configuration of their own, in front of nodes. They go when the process does.

import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { roundRobin } from '../lab/haproxy.mjs';
import { accepts, freePort, Part } from '../lab/lab.mjs';

let made = 0;

async function start(lab, program, configuration, command) {
    const port = await freePort();
    const name = `${program}-${++made}`;
    const file = path.join(lab.folder, `${name}.conf`);
    writeFileSync(file, configuration(port));
    const part = new Part(name, path.join(lab.folder, `${name}.log`), [program, ...command(file)], () => accepts(port));
    process.on('exit', () => part.killNow());
    await part.start();
    return { part, port, url: `http://127.0.0.1:${port}` };
}

/**
 * HAProxy, round robin; what is silent for the time, in ms, is cut. A node that is not ready gets nothing more, one that is
 * slow to say so on a busy machine is waited for.
 */
export function haproxy(lab, nodes, silence) {
    const times = { connect: '2s', client: silence, server: silence, check: '10s' };
    const configuration = (port) => roundRobin({ port, servers: nodes, times });
    return start(lab, 'haproxy', configuration, (file) => ['-db', '-f', file]);
}

/** nginx as it comes, but for what is given: lines of its server block and of the location that passes on. */
export function nginx(lab, nodes, { server = '', location = '' } = {}) {
    const servers = nodes.map((node) => `    server 127.0.0.1:${node.port};`).join('\n');
    const folder = lab.folder;
    const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((kind) => `  ${kind}_temp_path ${folder}/nginx-${kind};`);
    const configuration = (port) => `daemon off;
master_process off;
pid ${folder}/nginx-${port}.pid;
error_log stderr;
events { worker_connections 4096; }
http {
  access_log off;
${temporary.join('\n')}
  upstream nodes {
${servers}
  }
  server {
    listen 127.0.0.1:${port};
    ${server}
    location / {
      proxy_pass http://nodes;
      proxy_set_header Host 127.0.0.1;
      ${location}
    }
  }
}
`;
    return start(lab, 'nginx', configuration, (file) => ['-p', folder, '-c', file]);
}
