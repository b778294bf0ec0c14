// Takes event streams apart as they come. On purpose not the parser of our own client: that one is among what is tested.

/** Gives whole lines of text or bytes; what is left of one waits for the next chunk. Only LF ends a line. */
export class Cutter {
    #rest = '';
    #decoder = new TextDecoder();

    cut(chunk) {
        const text = typeof chunk === 'string' ? chunk : this.#decoder.decode(chunk, { stream: true });
        const lines = (this.#rest + text).split('\n');
        this.#rest = lines.pop();
        return lines;
    }
}

/**
 * Tells `heard.event` of each event, { id, event, data, retry } as far as they were said, and `heard.comment` of each
 * comment: its text, and whether it stood inside an event.
 *
 * With `bare` lines end in LF alone: that is how the gateway writes, and a CR of somebody else has to be seen as data.
 */
export class Lines {
    #cutter = new Cutter();
    #event = {};

    constructor(heard, { bare = false } = {}) {
        Object.assign(this, { heard, bare });
    }

    take(chunk) {
        this.#cutter.cut(chunk).forEach((line) => this.#line(this.bare ? line : line.replace(/\r$/, '')));
    }

    #line(line) {
        if (line === '') {
            this.#end();
        } else if (line.startsWith(':')) {
            this.heard.comment?.(line.slice(1), this.#event.data !== undefined);
        } else {
            const [, field, value] = /^([^:]*):? ?([^]*)$/.exec(line);
            const more = field === 'data' && this.#event.data !== undefined;
            this.#event[field] = more ? `${this.#event.data}\n${value}` : value;
        }
    }

    #end() {
        const event = this.#event;
        this.#event = {};
        if (Object.keys(event).length > 0) {
            this.heard.event?.(event);
        }
    }
}

/**
 * The events of a body one after another, and { comment } where one was seen. Throws where the connection broke, ends
 * where the stream was ended.
 */
export async function* frames(body) {
    const heard = [];
    const lines = new Lines({
        event: (event) => heard.push(event),
        comment: (text) => heard.push({ comment: text.trim() }),
    });
    for await (const chunk of body) {
        lines.take(chunk);
        yield* heard.splice(0);
    }
}
