// An archive of the gateway's classes, made once for a jar: with it a node is up in half the time, and nodes are started often.

import { spawn } from "node:child_process";
import { existsSync, mkdirSync, rmSync, statSync } from "node:fs";
import path from "node:path";
import { answers, project, until } from "../../lab/lab.mjs";

/** The flags by which a JVM uses the archive, which is made if there is none for this jar. */
export async function archived(jar, flags, port) {
    const folder = path.join(project, ".cache", "chaos");
    const { size, mtimeMs } = statSync(path.resolve(project, jar));
    const file = path.join(folder, `classes-${size}-${Math.round(mtimeMs)}.jsa`);
    mkdirSync(folder, { recursive: true });
    if (!existsSync(file)) {
        await make(file, jar, flags, port).catch(() => rmSync(file, { force: true }));
    }
    return existsSync(file) ? [`-XX:SharedArchiveFile=${file}`, "-Xlog:disable", "-Xlog:all=error:stderr"] : [];
}

async function make(file, jar, flags, port) {
    const child = spawn("java", [...flags, `-XX:ArchiveClassesAtExit=${file}`, "-jar", jar, "serve", "--port", port], { cwd: project, stdio: "ignore" });
    const gone = new Promise((resolve) => child.once("exit", resolve));
    const url = `http://127.0.0.1:${port}`;
    try {
        await until(() => answers(`${url}/health/ready`), "a node to learn classes from", 120_000);
        await fetch(`${url}/events/classes`, { method: "POST", body: "x" });
        await fetch(`${url}/mcp`, { method: "POST", body: '{"jsonrpc":"2.0","id":1,"method":"tools/list"}', headers: { "content-type": "application/json" } });
    } finally {
        child.kill("SIGTERM");
        await gone;
    }
}
