// Somebody on a stream who comes back whenever it ends, and writes down all there is to see.

import { setTimeout as pause } from "node:timers/promises";
import { read } from "../payload.mjs";
import { SCALE } from "../scale.mjs";
import { Exchange } from "./wire.mjs";

const SILENCE = SCALE.heartbeat + 3000;

export class Listener {
    lastId;
    after = null;
    #conns = 0;
    #away = 0;
    current = null;
    ended = false;

    constructor({ name, kind, stream, pen, url, headers = () => ({}) }) {
        Object.assign(this, { name, kind, stream, pen, url, headers });
    }

    write(what, fields) {
        this.pen.write(this.name, what, { stream: this.stream, ...fields });
    }

    async run() {
        while (!this.ended) {
            await pause(Math.max(0, this.#away - Date.now()));
            if (this.ended) {
                return;
            }
            this.current ??= this.#visit();
            const { current } = this;
            await current.done;
            if (this.current === current) {
                this.current = null;
                await pause(150 + Math.random() * 200);
            }
        }
    }

    #visit() {
        const conn = `${this.name}#${++this.#conns}`;
        this.write("open", { conn, kind: this.kind, last: this.lastId ?? null, after: this.after });
        const headers = { accept: "text/event-stream", ...this.headers(), ...(this.lastId && { "last-event-id": this.lastId }) };
        const visit = new Exchange({ url: this.url(), headers, heard: this.#heard(conn, () => this.current === visit) });
        visit.done = visit.done.then(async ({ status, text, clean, error }) => {
            this.write("close", { conn, status, clean: clean === true, ...(error && { error }) });
            if (status !== undefined && status !== 200) {
                await this.refused(status, text);
            }
        });
        return visit;
    }

    #heard(conn, isNewest) {
        return {
            opened: ({ status, headers }) => this.write("opened", { conn, status, node: headers["lifeline-node"] }),
            comment: (_text, isInside) => isInside && this.write("inside", { conn }),
            silence: (ms) => ms > SILENCE && this.write("silent", { conn, ms }),
            event: (event) => {
                this.take(event, conn, isNewest());
                if (isNewest()) {
                    this.lastId = event.id ?? this.lastId;
                }
            },
        };
    }

    /** An event came; those who know more than numbers see to it themselves. */
    take(event, conn, isNewest) {
        if (event.event === "gap") {
            this.write("gap", { conn, id: event.id, ...JSON.parse(event.data) });
        } else if (event.data) {
            this.numbered(read(event.data), event.id, conn, isNewest);
        } else {
            this.write("mark", { conn, id: event.id });
        }
    }

    numbered(said, id, conn, isNewest = true) {
        this.write("event", { conn, id, ...(said ?? { damaged: true }) });
        if (isNewest && said) {
            this.after = said.n;
        }
    }

    async refused() {}

    /** Opens the stream once more while the old connection is still there. */
    double() {
        if (this.current && !this.ended) {
            this.current = this.#visit();
        }
    }

    slow(millis) {
        this.current?.stall(millis);
    }

    leave(millis) {
        this.#away = Date.now() + millis;
        this.current?.destroy();
    }

    close() {
        this.ended = true;
        this.current?.destroy();
    }
}
