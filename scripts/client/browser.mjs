// A headless Chromium, driven over the DevTools protocol by a pipe: no dependency, no port, no WebSocket.

import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { until } from "./lab.mjs";

const NAMES = ["chromium", "chromium-browser", "google-chrome"];
const FLAGS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
    "--hide-scrollbars",
    "--remote-debugging-pipe",
];

/** The command of a Chromium that is installed, or null. */
export function installed() {
    const wanted = process.env.CHROMIUM ? [process.env.CHROMIUM] : NAMES;
    return wanted.find((name) => spawnSync(name, ["--version"]).status === 0) ?? null;
}

/** One Chromium. */
export class Browser {
    #child;
    #folder;
    #calls = new Map();
    #pages = new Map();
    #next = 1;
    #rest = "";
    #gone;

    static async launch({ flags = [] } = {}) {
        const command = installed();
        if (command === null) {
            throw new Error("there is no chromium");
        }
        const browser = new Browser(command, flags);
        await browser.send("Target.setDiscoverTargets", { discover: false });
        return browser;
    }

    constructor(command, flags) {
        this.#folder = mkdtempSync(join(tmpdir(), "browser-"));
        const options = { stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"] };
        this.#child = spawn(command, [...FLAGS, `--user-data-dir=${this.#folder}`, ...flags, "about:blank"], options);
        this.#gone = new Promise((resolve) => this.#child.on("exit", () => resolve(this.#lost())));
        this.#child.on("error", () => this.#lost());
        this.#child.stdio[3].on("error", () => this.#lost());
        this.#child.stdio[4].setEncoding("utf8").on("data", (text) => this.#read(text));
    }

    /** A page of its own, with its own storage, at an address. */
    async open(url, { width = 1280, height = 800, dark = false } = {}) {
        const { browserContextId } = await this.send("Target.createBrowserContext");
        const { targetId } = await this.send("Target.createTarget", { url: "about:blank", browserContextId });
        const { sessionId } = await this.send("Target.attachToTarget", { targetId, flatten: true });
        const page = new Page((method, params) => this.send(method, params, sessionId), targetId);
        this.#pages.set(sessionId, page);
        await page.begin();
        await page.resize(width, height);
        await page.dark(dark);
        await page.go(url);
        return page;
    }

    /** A command of the protocol; its result. */
    send(method, params = {}, sessionId = undefined) {
        const id = this.#next++;
        this.#child.stdio[3].write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
        return new Promise((resolve, reject) => this.#calls.set(id, { resolve, reject, method }));
    }

    async close() {
        this.send("Browser.close").catch(() => {});
        const killing = setTimeout(() => this.#child.kill("SIGKILL"), 5000);
        await this.#gone;
        clearTimeout(killing);
        rmSync(this.#folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    }

    #read(text) {
        const messages = (this.#rest + text).split("\0");
        this.#rest = messages.pop();
        messages.forEach((message) => this.#take(JSON.parse(message)));
    }

    #take({ id, result, error, method, params, sessionId }) {
        if (id === undefined) {
            this.#pages.get(sessionId)?.told(method, params);
            return;
        }
        const call = this.#calls.get(id);
        this.#calls.delete(id);
        error ? call.reject(new Error(`${call.method}: ${error.message}`)) : call.resolve(result);
    }

    #lost() {
        this.#calls.forEach(({ reject, method }) => reject(new Error(`${method}: the browser is gone`)));
        this.#calls.clear();
    }
}

/** One page, as a person before it would have it. */
export class Page {
    #send;
    /** What the page wrote to the console, and what it failed with. */
    console = [];
    errors = [];
    #loaded = 0;

    constructor(send, targetId) {
        this.#send = send;
        this.targetId = targetId;
    }

    async begin() {
        await Promise.all(["Page", "Runtime", "Network", "Log"].map((domain) => this.#send(`${domain}.enable`)));
    }

    told(method, params) {
        if (method === "Page.loadEventFired") {
            this.#loaded++;
        } else if (method === "Runtime.consoleAPICalled") {
            this.console.push(params.args.map(({ value, description }) => value ?? description).join(" "));
        } else if (method === "Runtime.exceptionThrown") {
            const { text, exception } = params.exceptionDetails;
            this.errors.push(exception?.description ?? text);
        } else if (method === "Log.entryAdded" && params.entry.level === "error") {
            this.errors.push(`${params.entry.text} ${params.entry.url ?? ""}`);
        }
    }

    /** Any command of the protocol. */
    send(method, params = {}) {
        return this.#send(method, params);
    }

    async go(url) {
        const before = this.#loaded;
        const { errorText } = await this.#send("Page.navigate", { url });
        if (errorText) {
            throw new Error(`${url}: ${errorText}`);
        }
        await until(`${url} is loaded`, () => this.#loaded > before);
    }

    /** Runs a function in the page with arguments that JSON can hold, and gives what it gives. */
    async run(code, ...given) {
        const expression = typeof code === "function" ? `(${code})(...${JSON.stringify(given)})` : code;
        const call = { expression, awaitPromise: true, returnByValue: true, userGesture: true };
        const { result, exceptionDetails } = await this.#send("Runtime.evaluate", call);
        if (exceptionDetails) {
            throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
        }
        return result.value;
    }

    /** Waits until a function run in the page gives something true, and gives it. */
    until(what, code, ...given) {
        return until(what, () => this.run(code, ...given));
    }

    resize(width, height, scale = 1) {
        const metrics = { width, height, deviceScaleFactor: scale, mobile: false };
        return this.#send("Emulation.setDeviceMetricsOverride", metrics);
    }

    dark(dark) {
        const features = [{ name: "prefers-color-scheme", value: dark ? "dark" : "light" }];
        return this.#send("Emulation.setEmulatedMedia", { features });
    }

    /** Whether the page may use the network, and is told so. */
    offline(offline) {
        const speed = { latency: 0, downloadThroughput: -1, uploadThroughput: -1 };
        return this.#send("Network.emulateNetworkConditions", { offline, ...speed });
    }

    /** A click in the middle of what a selector finds. */
    async click(selector) {
        const at = await this.run((wanted) => {
            const found = document.querySelector(wanted);
            found.scrollIntoView({ block: "center" });
            const { x, y, width, height } = found.getBoundingClientRect();
            return { x: x + width / 2, y: y + height / 2 };
        }, selector);
        for (const type of ["mousePressed", "mouseReleased"]) {
            await this.#send("Input.dispatchMouseEvent", { type, ...at, button: "left", clickCount: 1 });
        }
    }

    /** A key by its name: Tab, Enter, ArrowDown, a. */
    async press(key, modifiers = 0) {
        const codes = { Tab: 9, Enter: 13, Escape: 27, " ": 32, ArrowUp: 38, ArrowDown: 40, ArrowLeft: 37, ArrowRight: 39 };
        const text = key === "Enter" ? "\r" : key.length === 1 ? key : undefined;
        const common = { key, code: key, windowsVirtualKeyCode: codes[key] ?? key.toUpperCase().charCodeAt(0), modifiers };
        await this.#send("Input.dispatchKeyEvent", { type: text ? "keyDown" : "rawKeyDown", text, ...common });
        await this.#send("Input.dispatchKeyEvent", { type: "keyUp", ...common });
    }

    /** Text, as if typed into what has the focus. */
    type(text) {
        return this.#send("Input.insertText", { text });
    }

    /** What a screen reader is told: role and name of all that is not passed over. */
    async accessible() {
        const { nodes } = await this.#send("Accessibility.getFullAXTree");
        return nodes
            .filter(({ ignored }) => !ignored)
            .map(({ role, name }) => ({ role: role?.value, name: name?.value ?? "" }));
    }

    /** A picture of the page as it is, as PNG. */
    async picture(file, { whole = false } = {}) {
        const { data } = await this.#send("Page.captureScreenshot", { format: "png", captureBeyondViewport: whole });
        writeFileSync(file, Buffer.from(data, "base64"));
    }

    close() {
        return this.#send("Page.close");
    }
}
