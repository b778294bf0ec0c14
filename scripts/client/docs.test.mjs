// Every snippet of docs/clients-javascript.md is run, against a real gateway.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import http from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { Browser, installed } from "./browser.mjs";
import { gateway, publish } from "./lab.mjs";

const run = promisify(execFile);
const PAGE = readFileSync(new URL("../../docs/clients-javascript.md", import.meta.url), "utf8");
const CLIENT = new URL("../../gateway/src/main/resources/client/", import.meta.url);
const ADDRESS = /http:\/\/127\.0\.0\.1:8080/g;

function blocks() {
    const found = [...PAGE.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(([, kind, code]) => ({ kind, code }));
    found.forEach((block, i) => (block.said = found[i + 1]?.kind === "text" ? found[i + 1].code : null));
    return found.filter(({ kind }) => kind !== "text");
}

const folder = mkdtempSync(join(tmpdir(), "snippets-"));
let plain;

before(async () => {
    plain = await gateway();
});

after(async () => {
    await plain.stop();
    rmSync(folder, { recursive: true });
});

const RUN = {
    sh: async (code) => {
        await run("bash", ["-euc", code], { cwd: folder });
        const wanted = readdirSync(CLIENT).filter((name) => !name.startsWith("lifeline-status"));
        wanted.forEach((name) => assert.ok(existsSync(join(folder, "lifeline-client", name)), `${name} is fetched`));
    },
    js: async (code, said) => {
        writeFileSync(join(folder, "snippet.mjs"), code);
        const { stdout, stderr } = await run(process.execPath, ["snippet.mjs"], { cwd: folder, timeout: 30000 });
        assert.equal(stderr.replace(/^.*Warning.*$/gm, "").trim(), "");
        assert.equal(stdout, said);
    },
    html: async (code) => {
        const site = http.createServer((request, response) => response.writeHead(200, { "Content-Type": "text/html" }).end(code));
        await new Promise((resolve) => site.listen(0, "127.0.0.1", resolve));
        const browser = await Browser.launch();
        try {
            const page = await browser.open(`http://127.0.0.1:${site.address().port}/`);
            const shown = () => document.querySelector("lifeline-status").getAttribute("state") === "connected";
            await page.until("the page is connected", shown);
            await publish(plain.url, "demo", "hello");
            await page.until("the event is shown", () => document.querySelector("#news").textContent.includes("hello\n"));
        } finally {
            await browser.close();
            site.close();
            site.closeAllConnections();
        }
    },
};

blocks().forEach(({ kind, code, said }, i) => {
    const skip = kind === "html" && installed() === null ? "there is no chromium" : false;
    test(`snippet ${i + 1} (${kind})`, { skip }, () => RUN[kind](code.replace(ADDRESS, plain.url), said));
});
