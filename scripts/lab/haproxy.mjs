// A round robin without stickiness, as HAProxy is told it.

/** Servers are { name, host, port }; `times` are HAProxy's timeouts by their names, `options` further lines of its defaults. */
export function roundRobin({ host = '127.0.0.1', port, servers, times, options = [], fall = 1 }) {
    const timeouts = Object.entries(times).map(([what, time]) => `timeout ${what} ${time}`);
    const defaults = ['mode http', ...timeouts, 'retries 3', 'option redispatch 1', 'retry-on conn-failure', ...options];
    const nodes = servers.map((server) => `  server ${server.name} ${server.host ?? '127.0.0.1'}:${server.port}`);
    return `defaults
${defaults.map((line) => `  ${line}`).join('\n')}
frontend everybody
  bind ${host}:${port}
  default_backend nodes
backend nodes
  balance roundrobin
  option httpchk GET /health/ready
  default-server check inter 500ms fall ${fall} rise 1 observe layer4 error-limit 1 on-error mark-down
${nodes.join('\n')}
`;
}
