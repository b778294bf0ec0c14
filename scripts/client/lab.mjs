// What the tests stand on: waiting for facts, servers with a script, real gateways and a real Redis.

import { spawn } from "node:child_process";
import http from "node:http";
import net from "node:net";
import { fileURLToPath } from "node:url";
import { LifelineSource } from "../../gateway/src/main/resources/client/lifeline.js";
import { accepts, answers } from "../lab/lab.mjs";

const JAR = process.env.CLIENT_JAR ?? fileURLToPath(new URL("../../gateway/target/lifeline.jar", import.meta.url));
const PATIENCE = 30000;

/** Waits until what is asked is true, and gives it. */
export async function until(what, ask, patience = PATIENCE) {
    const end = Date.now() + patience;
    for (;;) {
        const answer = await ask();
        if (answer) {
            return answer;
        }
        if (Date.now() > end) {
            throw new Error(`not in ${patience} ms: ${what}`);
        }
        await new Promise((resolve) => setTimeout(resolve, 5));
    }
}

export const pause = (millis) => new Promise((resolve) => setTimeout(resolve, millis));

/** A port nobody listens on, in the range that was given, or any. */
export async function freePort() {
    const base = Number(process.env.PORT_BASE ?? 0);
    for (let i = 0; ; i++) {
        const wanted = base === 0 ? 0 : base + ((process.pid * 7 + i * 13) % 900);
        const server = net.createServer();
        const port = await new Promise((resolve) => {
            server.on("error", () => resolve(null));
            server.listen(wanted, "127.0.0.1", () => resolve(server.address().port));
        });
        await new Promise((resolve) => server.close(resolve));
        if (port !== null) {
            return port;
        }
    }
}

/** A server that answers request after request with what the next step of the script does. */
export async function scripted(...steps) {
    const requests = [];
    const server = http.createServer((request, response) => {
        requests.push({ method: request.method, url: request.url, headers: request.headers, at: Date.now() });
        const step = steps[Math.min(requests.length, steps.length) - 1];
        step(response, request);
    });
    await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
    const port = server.address().port;
    const close = () => (server.closeAllConnections(), new Promise((resolve) => server.close(resolve)));
    return { requests, url: `http://127.0.0.1:${port}/events`, close };
}

/** Steps for a scripted server. */
export const stream = (text, { end = true, headers = {} } = {}) => (response) => {
    response.writeHead(200, { "Content-Type": "text/event-stream", ...headers });
    end ? response.end(text) : response.write(text);
};
export const status = (code, headers = {}) => (response) => response.writeHead(code, headers).end();
export const silence = () => {};

/** A source, and all it told. */
export function follow(url, options) {
    const source = new LifelineSource(url, options);
    const heard = { source, events: [], gaps: [], states: [], errors: [] };
    source.onmessage = (event) => heard.events.push(event.data);
    source.ongap = (event) => heard.gaps.push(event.detail);
    source.onstate = (event) => heard.states.push({ ...event.detail, at: Date.now() });
    source.onerror = (event) => heard.errors.push(event.detail);
    heard.state = (wanted) => until(`state ${wanted}, last ${source.state}`, () => source.state === wanted);
    heard.count = (count) => until(`${count} events, had ${heard.events.length}`, () => heard.events.length >= count);
    heard.retried = () => heard.states.filter(({ state }) => state === "reconnecting");
    return heard;
}

async function started(child, what, ready) {
    let said = "";
    child.stdout.on("data", (chunk) => (said += chunk));
    child.stderr.on("data", (chunk) => (said += chunk));
    await until(`${what} is up`, async () => {
        if (child.exitCode !== null) {
            throw new Error(`${what} did not come up:\n${said}`);
        }
        return ready();
    }, 60000);
}

function stopper(child) {
    const gone = new Promise((resolve) => child.on("exit", resolve));
    return async (signal = "SIGTERM") => {
        child.kill(signal);
        await gone;
    };
}

/** A real gateway, of the jar. */
export async function gateway(options = [], port = null) {
    const own = port ?? (await freePort());
    const flags = ["-Xmx192m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"];
    const child = spawn("java", [...flags, "-jar", JAR, "--port", String(own), ...options]);
    const url = `http://127.0.0.1:${own}`;
    await started(child, "the gateway", () => answers(`${url}/health/ready`));
    return { url, port: own, stop: stopper(child) };
}

/** A real Redis, without files; null where there is none. */
export async function redis() {
    const port = await freePort();
    const options = ["--port", String(port), "--save", "", "--appendonly", "no", "--bind", "127.0.0.1"];
    const child = spawn("redis-server", options);
    const missing = await new Promise((resolve) => {
        child.on("error", () => resolve(true));
        child.on("spawn", () => resolve(false));
    });
    if (missing) {
        return null;
    }
    await started(child, "Redis", () => accepts(port));
    return { url: `redis://127.0.0.1:${port}`, stop: stopper(child) };
}

/** Publishes an event, and is sure of it. */
export async function publish(base, channel, data, { type, headers = {} } = {}) {
    const url = `${base}/events/${channel}${type ? `?event=${type}` : ""}`;
    const answer = await fetch(url, { method: "POST", body: data, headers: { "Content-Type": "text/plain", ...headers } });
    if (answer.status !== 202) {
        throw new Error(`not published: ${answer.status} ${await answer.text()}`);
    }
    return (await answer.json()).id;
}
