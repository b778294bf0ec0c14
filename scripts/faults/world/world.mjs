// Three nodes, a Redis, a round robin without stickiness and an upstream, each a process in a place of its own.

import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { SCALE } from "../scale.mjs";
import { Clock, missing } from "../../lab/clock.mjs";
import { roundRobin } from "../../lab/haproxy.mjs";
import { accepts, answers, Part, until } from "../../lab/lab.mjs";
import { isPossible } from "../../lab/namespaces.mjs";
import { archived } from "./classes.mjs";
import { Namespaces } from "./namespaces.mjs";
import { Proxies } from "./proxies.mjs";

const upstreamScript = fileURLToPath(new URL("../upstream.mjs", import.meta.url));
const JAR = process.env.CHAOS_JAR ?? path.join("gateway", "target", "lifeline.jar");
const NODES = ["n1", "n2", "n3"];
const JVM = ["-Xmx256m", "-XX:+UseSerialGC", "-XX:ActiveProcessorCount=1", "-XX:TieredStopAtLevel=1"];

const OPTIONS = {
    "heartbeat-interval": `${SCALE.heartbeat}ms`, "connection-timeout": `${SCALE.timeout}ms`,
    "initial-retry-delay": "200ms", "max-retry-delay": "1s", "retry-jitter-max": "200ms",
    "buffer-size": SCALE.buffer, "buffer-retention": `${SCALE.retention}ms`, "dedup-retention": "2m", "position-retention": "5m",
    "session-retention": "60s", "node-lease": "3s", "position-check-interval": "500ms",
    "append-timeout": "3s", "redis-timeout": "2s", "drain-timeout": "2s",
    "upstream-timeout": "1s", "upstream-idle-timeout": "2s", "upstream-patience": "8s",
    "upstream-retry-initial": "200ms", "upstream-retry-max": "1s", "upstream-retry-tries": "1000",
};

const PROXY = {
    times: { connect: "1s", check: "3s", client: "30s", server: "5s", "http-request": "10s" },
    options: ["option http-no-delay", "http-reuse always"], fall: 2,
};

export class World {
    parts = {};
    #places = {};
    #again = 0;
    #forget = false;
    #archive = [];
    #clock;

    constructor({ base = 21200, withoutNamespaces = false } = {}) {
        this.folder = mkdtempSync(path.join(tmpdir(), "lifeline-chaos-"));
        this.history = path.join(this.folder, "upstream.jsonl");
        this.net = !withoutNamespaces && isPossible() ? new Namespaces() : new Proxies();
        this.base = base;
        this.withoutClock = missing();
        this.#clock = this.withoutClock ? null : new Clock(path.join(this.folder, "clock"));
        process.on("exit", () => Object.values(this.parts).forEach((part) => part.killNow()));
        for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
            process.on(signal, () => process.exit(130));
        }
    }

    #place(name) {
        return (this.#places[name] ??= { ...this.net.place(name), port: this.base++ });
    }

    #part(name, command, isUp) {
        const { before } = this.#place(name);
        const whole = () => [...before, ...command()].map(String);
        const part = new Part(name, path.join(this.folder, `${name}.log`), whole(), isUp);
        part.patience = 240_000;
        // What is asked of it may differ from start to start.
        Object.defineProperty(part, "command", { get: whole });
        this.parts[name] = part;
        return part;
    }

    async start() {
        this.#archive = await archived(JAR, JVM, this.base + 50);
        ["redis", "upstream", "proxy", ...NODES].forEach((name) => this.#place(name));
        await Promise.all([this.#redis().start(), this.#upstream().start()]);
        const nodes = await Promise.all(NODES.map((name) => this.#node(name)));
        await Promise.all(nodes.map((node) => node.start()));
        await (await this.#proxy()).start();
        return this;
    }

    get url() {
        const { address, port } = this.#places.proxy;
        return `http://${address}:${port}`;
    }

    urlOf(name) {
        const { address, port } = this.#places[name];
        return `http://${address}:${port}`;
    }

    #redis() {
        const { address, port } = this.#place("redis");
        const options = ["--port", port, "--bind", address, "--protected-mode", "no", "--save", "", "--appendonly", "yes"];
        const command = ["redis-server", ...options, "--dir", this.folder];
        return this.#part("redis", () => command, () => accepts(port, address));
    }

    #upstream() {
        const { address, port } = this.#place("upstream");
        const files = ["--history", this.history, "--state", path.join(this.folder, "state")];
        const command = () => [
            process.execPath, upstreamScript, ...files, "--host", address, "--port", port,
            "--again", this.#again, ...(this.#forget ? ["--forget"] : []),
        ];
        return this.#part("upstream", command, () => accepts(port, address));
    }

    async #node(name) {
        const { address, port } = this.#place(name);
        const redis = await this.net.seen(name, "redis", this.#places.redis.port);
        const upstream = await this.net.seen(name, "upstream", this.#places.upstream.port);
        const options = {
            ...OPTIONS, "node-id": name, host: address, port, "cluster-host": address,
            "allowed-hosts": `${address},${this.#places.proxy.address},localhost`,
            redis: `redis://${redis.host}:${redis.port}`, upstream: `http://${upstream.host}:${upstream.port}/mcp`,
        };
        const flags = Object.entries(options).flatMap(([option, value]) => [`--${option}`, value]);
        const command = [...this.#clockOf(name), "java", ...JVM, ...this.#archive, "-jar", JAR, "serve", "--allow-open", ...flags];
        return this.#part(name, () => command, () => answers(`http://${address}:${port}/health/ready`));
    }

    // One node has a clock of its own.
    #clockOf(name) {
        return name === "n3" ? (this.#clock?.command ?? []) : [];
    }

    turnClock(seconds) {
        this.#clock.turn(seconds);
    }

    async #proxy() {
        const { address, port } = this.#place("proxy");
        const servers = await Promise.all(NODES.map(async (name) => ({
            name, ...(await this.net.seen("proxy", name, this.#places[name].port)),
        })));
        const file = path.join(this.folder, "haproxy.cfg");
        writeFileSync(file, roundRobin({ host: address, port, servers, ...PROXY }));
        const healthy = () => answers(`http://${address}:${port}/health/ready`);
        return this.#part("proxy", () => ["haproxy", "-db", "-f", file], healthy);
    }

    /** Ends the upstream and begins it anew, with or without its memory. */
    async restartUpstream({ forget = false, again = 0, meanwhile }) {
        this.#forget = forget;
        this.#again = again;
        await (forget ? this.parts.upstream.kill() : this.parts.upstream.stop());
        await meanwhile();
        await this.parts.upstream.start();
    }

    /** What Redis has on disk now, to be given back to it later. */
    keepCopy() {
        rmSync(path.join(this.folder, "copy"), { recursive: true, force: true });
        cpSync(path.join(this.folder, "appendonlydir"), path.join(this.folder, "copy"), { recursive: true });
    }

    useCopy() {
        this.dropData();
        cpSync(path.join(this.folder, "copy"), path.join(this.folder, "appendonlydir"), { recursive: true });
    }

    dropData() {
        rmSync(path.join(this.folder, "appendonlydir"), { recursive: true, force: true });
    }

    log(name) {
        return readFileSync(path.join(this.folder, `${name}.log`), "utf8");
    }

    async healthy() {
        const ready = (name) => answers(`${this.urlOf(name)}/health/ready`);
        await until(async () => (await Promise.all(NODES.map(ready))).every(Boolean), "all nodes ready", 240_000);
    }

    async close({ keep = false } = {}) {
        const all = Object.values(this.parts);
        all.forEach((part) => part.running && process.kill(part.pid, "SIGCONT"));
        await Promise.all(NODES.map((name) => this.parts[name]?.stop("SIGTERM", 8000)));
        await Promise.all(all.map((part) => part.stop("SIGTERM", 3000)));
        this.net.close();
        if (!keep) {
            rmSync(this.folder, { recursive: true, force: true });
        }
    }
}
