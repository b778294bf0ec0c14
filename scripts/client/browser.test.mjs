// The source and its status element in a real browser, across origins, through a network that does not keep still.

import assert from "node:assert/strict";
import http from "node:http";
import { after, afterEach, before, test } from "node:test";
import { Browser, installed } from "./browser.mjs";
import { gateway, publish } from "./lab.mjs";
import { Proxy } from "./proxy.mjs";

const BEATING = ["--heartbeat-interval", "200ms", "--connection-timeout", "2s"];
const numbers = (count) => Array.from({ length: count }, (_, i) => String(i));
const missing = installed() === null ? "there is no chromium" : false;
const open = [];

let plain;
let site;
let browser;

const PAGE = `<!doctype html><html lang="en"><title>Page</title><body><main><h1>Page</h1>
<lifeline-status></lifeline-status></main></body></html>`;

before(async () => {
    if (missing) {
        return;
    }
    plain = await gateway(BEATING);
    browser = await Browser.launch();
    site = http.createServer((request, response) => response.writeHead(200, { "Content-Type": "text/html" }).end(PAGE));
    await new Promise((resolve) => site.listen(0, "127.0.0.1", resolve));
});

after(async () => {
    await browser?.close();
    await plain?.stop();
    site?.close();
    site?.closeAllConnections();
});

afterEach(async () => {
    for (const part of open.splice(0).reverse()) {
        await part();
    }
});

/** A page that follows a channel through a proxy of its own. */
async function page(channel, options = {}, prepare = () => {}) {
    const proxy = await new Proxy(plain.port).listen();
    const opened = await browser.open(`http://127.0.0.1:${site.address().port}/`);
    open.push(() => proxy.close(), () => opened.close());
    await opened.run(prepare);
    const given = { initialDelay: 20, jitter: 0, serverRetry: false, token: "t", ...options };
    await opened.run(
        async (client, url, settings) => {
            const { LifelineSource } = await import(`${client}lifeline.js`);
            await import(`${client}lifeline-status.js`);
            const source = new LifelineSource(url, settings);
            Object.assign(window, { source, events: [], states: [], errors: [] });
            source.onmessage = ({ data }) => window.events.push(data);
            source.onstate = ({ detail }) => window.states.push(detail);
            source.onerror = ({ detail }) => window.errors.push(detail.reason);
            document.querySelector("lifeline-status").source = source;
        },
        `${plain.url}/client/`,
        `${proxy.url}/events/${channel}`,
        given,
    );
    const heard = {
        proxy,
        page: opened,
        count: (count) => opened.until(`${count} events`, (wanted) => window.events.length >= wanted, count),
        state: (state) => opened.until(`state ${state}`, (wanted) => window.source.state === wanted, state),
        events: () => opened.run(() => window.events),
        states: () => opened.run(() => window.states),
    };
    await opened.until("a position", () => window.source.lastEventId !== "");
    return heard;
}

async function burst(channel, from, to) {
    for (let i = from; i < to; i++) {
        await publish(plain.url, channel, String(i));
    }
}

const inBrowser = (name, body) => test(name, { skip: missing }, body);

inBrowser("cut again and again, it loses nothing and doubles nothing", async () => {
    const heard = await page("b-cuts");
    for (let i = 0; i < 5; i++) {
        await burst("b-cuts", i * 20, i * 20 + 10);
        heard.proxy.cut();
        await burst("b-cuts", i * 20 + 10, i * 20 + 20);
    }
    await heard.count(100);
    assert.deepEqual(await heard.events(), numbers(100));
    assert.ok((await heard.states()).some(({ state }) => state === "reconnecting"));
});

inBrowser("a network that swallows everything is noticed, a slow one is borne", async () => {
    const heard = await page("b-stall", { idleTimeout: 1200, connectTimeout: 1000 });
    heard.proxy.slow(64);
    await burst("b-stall", 0, 20);
    await heard.count(20);
    assert.deepEqual(await heard.page.run(() => window.errors), []);
    heard.proxy.stall();
    await burst("b-stall", 20, 23);
    await heard.page.until("it is taken for dead", () => window.errors.includes("idle"));
    heard.proxy.heal();
    await heard.count(23);
    assert.deepEqual(await heard.events(), numbers(23));
});

inBrowser("when the network is back it does not wait", async () => {
    const heard = await page("b-online", { initialDelay: 60000 });
    await burst("b-online", 0, 1);
    await heard.count(1);
    await heard.page.offline(true);
    heard.proxy.cut();
    await heard.state("reconnecting");
    await burst("b-online", 1, 3);
    await heard.page.offline(false);
    await heard.count(3);
    assert.ok((await heard.states()).some(({ reason }) => reason === "online"));
    assert.deepEqual(await heard.events(), numbers(3));
});

inBrowser("a connection from before the network was away is replaced", async () => {
    const heard = await page("b-replaced", { initialDelay: 60000 });
    await heard.page.run(() => ["offline", "online"].forEach((type) => window.dispatchEvent(new Event(type))));
    await heard.page.until("connected again", () => window.states.filter(({ state }) => state === "connected").length === 2);
    // Being told once more, with nothing in between, is no reason to let go.
    await heard.page.run(() => window.dispatchEvent(new Event("online")));
    await burst("b-replaced", 0, 2);
    await heard.count(2);
    assert.equal((await heard.states()).filter(({ reason }) => reason === "online").length, 1);
});

inBrowser("timers that stood still in a hidden page are made up for when it is looked at", async () => {
    const heard = await page("b-hidden", { initialDelay: 30, idleTimeout: 300 }, () => {
        // As in a page nobody looks at: what is timed does not come.
        window.setTimeout = () => 0;
    });
    const look = () => document.dispatchEvent(new Event("visibilitychange"));
    await heard.page.run(look);
    assert.equal((await heard.page.run(() => window.states)).length, 2, "all is well, nothing is torn down");
    heard.proxy.stall();
    const silent = Date.now();
    await heard.page.until("it looks and finds it dead", (since) => {
        document.dispatchEvent(new Event("visibilitychange"));
        return Date.now() - since > 300 && window.errors.includes("idle");
    }, silent);
    heard.proxy.heal();
    await heard.page.until("it looks and is due", () => {
        document.dispatchEvent(new Event("visibilitychange"));
        return window.source.state === "connected";
    });
    assert.ok((await heard.states()).some(({ reason }) => reason === "visible"));
});

inBrowser("the status is seen, read out, and acted on", async () => {
    const heard = await page("b-status", { initialDelay: 60000 });
    const shown = () => heard.page.run(() => document.querySelector("lifeline-status").shadowRoot.textContent);
    const said = async () => (await heard.page.accessible()).filter(({ role }) => role === "status");
    await heard.state("connected");
    assert.match(await shown(), /Connected/);
    assert.equal((await said()).length, 1);
    const light = await colour(heard.page);
    heard.proxy.refuse();
    await heard.state("reconnecting");
    assert.match(await shown(), /Connection lost.*attempt 1, in (60|59) s.*Try again/);
    await heard.page.until("the countdown goes on", () => {
        const { textContent } = document.querySelector("lifeline-status").shadowRoot.querySelector(".more");
        return /in 5\d s/.test(textContent);
    });
    const buttons = (await heard.page.accessible()).filter(({ role }) => role === "button");
    assert.deepEqual(buttons.map(({ name }) => name), ["Try again"]);
    heard.proxy.heal();
    await heard.page.press("Tab");
    await heard.page.press("Enter");
    await heard.state("connected");
    await heard.page.dark(true);
    assert.notEqual(await colour(heard.page), light, "dark pages have other colours");
    await heard.page.run(() => {
        const status = document.querySelector("lifeline-status");
        status.labels = { closed: "Vorbei" };
        window.source.close();
    });
    assert.match(await shown(), /Vorbei/);
    assert.deepEqual(heard.page.errors.filter((error) => !/net::ERR|Failed to load/.test(error)), []);
});

const colour = (opened) =>
    opened.run(() => getComputedStyle(document.querySelector("lifeline-status").shadowRoot.querySelector(".dot")).backgroundColor);
