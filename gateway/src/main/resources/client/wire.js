// Bytes of an event stream as facts. It does not connect, wait or reconnect.

const LF = 10;
const CR = 13;
const COLON = 58;
const SPACE = 32;
const MARK = [0xef, 0xbb, 0xbf];
const LONGEST_NAME = 5;
const COMMENT_SHOWN = 256;
const KEPT = 16 << 10;
const SMALLEST = 256;
// What a timer can hold.
const LONGEST_RETRY = 2147483647;

// Parts of a line, in their order; only a stream's first line has a place for the mark.
const AT_MARK = 0;
const AT_NAME = 1;
const AT_SPACE = 2;
const AT_VALUE = 3;

const UNKNOWN = "unknown";
const COMMENT = "";
const FIELDS = new Set(["data", "event", "id", "retry", COMMENT]);

/** How many bytes a parser takes before it refuses the stream: of one event's data, of one label, of what is skipped. */
export const BOUNDS = Object.freeze({ data: 16 << 20, label: 8 << 10, skipped: 1 << 20 });

/** A stream passed one of the bounds; nothing more is taken of it. */
export class SseLimitError extends Error {
    constructor(bound, bytes) {
        super(`the stream holds more than ${bytes} bytes of ${bound}`);
        this.name = "SseLimitError";
        this.bound = bound;
    }
}

/** A growing run of bytes with a bound. */
class Bytes {
    #bound;
    #most;
    #array = new Uint8Array(0);
    #decoder = new TextDecoder("utf-8", { ignoreBOM: true });
    length = 0;

    constructor(bound, most) {
        this.#bound = bound;
        this.#most = most;
    }

    append(source, from, to) {
        this.#makeRoom(to - from);
        this.#array.set(source.subarray(from, to), this.length);
        this.length += to - from;
    }

    lineEnd() {
        this.#makeRoom(1);
        this.#array[this.length++] = LF;
    }

    hasNul() {
        return this.#array.subarray(0, this.length).includes(0);
    }

    /** The bytes as text; they are gone from here afterwards. */
    take() {
        const text = this.#decoder.decode(this.#array.subarray(0, this.length));
        this.clear();
        return text;
    }

    // A large event must not pin its memory on an idle link.
    clear() {
        this.length = 0;
        if (this.#array.length > KEPT) {
            this.#array = new Uint8Array(0);
        }
    }

    #makeRoom(added) {
        if (added > this.#most - this.length) {
            throw new SseLimitError(this.#bound, this.#most);
        }
        if (added > this.#array.length - this.length) {
            const doubled = Math.max(SMALLEST, 2 * this.#array.length, this.length + added);
            const grown = new Uint8Array(Math.min(this.#most, doubled));
            grown.set(this.#array.subarray(0, this.length));
            this.#array = grown;
        }
    }
}

/** What is known of the event being read, until the blank line that ends it. */
class Block {
    #sink;
    #bounds;
    #value;
    #skipped = 0;
    #data;
    #hasData = false;
    #hasId = false;
    #type = "";
    #id = "";
    lastEventId = "";

    constructor(bounds, sink) {
        this.#bounds = bounds;
        this.#sink = sink;
        this.#value = new Bytes("label", bounds.label);
        this.#data = new Bytes("data", bounds.data);
    }

    /** A line's name is known; its value follows, in any number of pieces, and then its end. */
    begin(field) {
        this.#skipped = 0;
        if (field === "data") {
            if (this.#hasData) {
                this.#data.lineEnd();
            }
            this.#hasData = true;
        }
    }

    append(field, bytes, from, to) {
        if (field === "data") {
            this.#data.append(bytes, from, to);
        } else if (field === UNKNOWN || field === COMMENT) {
            this.#skip(to - from);
            if (field === COMMENT) {
                const room = Math.min(COMMENT_SHOWN, this.#bounds.label) - this.#value.length;
                this.#value.append(bytes, from, Math.min(to, from + room));
            }
        } else {
            this.#value.append(bytes, from, to);
        }
    }

    end(field) {
        if (field === "event") {
            this.#type = this.#value.take();
        } else if (field === "id" && !this.#value.hasNul()) {
            this.#id = this.#value.take();
            this.#hasId = true;
        } else if (field === "retry") {
            this.#retry(this.#value.take());
        } else if (field === COMMENT) {
            this.#sink.comment?.(this.#value.take());
        }
        this.#value.clear();
    }

    /** The blank line: the id counts from here on, whether or not an event comes of it. */
    dispatch() {
        const moved = this.#id !== this.lastEventId;
        const type = this.#type === "" ? "message" : this.#type;
        const own = this.#hasId;
        this.lastEventId = this.#id;
        this.#type = "";
        this.#hasId = false;
        if (this.#hasData) {
            this.#hasData = false;
            this.#sink.event(this.lastEventId, type, this.#data.take(), own);
        } else if (moved) {
            this.#sink.position?.(this.lastEventId);
        }
    }

    /** Forgets what no blank line has ended, its id too. */
    resume(lastEventId) {
        this.#value.clear();
        this.#data.clear();
        this.#hasData = false;
        this.#hasId = false;
        this.#type = "";
        this.#id = lastEventId;
        this.lastEventId = lastEventId;
    }

    #skip(count) {
        if (count > this.#bounds.skipped - this.#skipped) {
            throw new SseLimitError("skipped", this.#bounds.skipped);
        }
        this.#skipped += count;
    }

    #retry(text) {
        if (/^[0-9]+$/.test(text)) {
            this.#sink.retry?.(Math.min(LONGEST_RETRY, Number(text)));
        }
    }
}

/**
 * Tells a sink what a stream says, the moment the byte that completes it is fed. How the bytes were cut into chunks never
 * changes what is told. The sink's `event(id, type, data, own)` is called for each event, `own` saying whether the event
 * brought its id itself; `position(id)`, `retry(millis)` and `comment(beginning)` may be left out.
 */
export class SseParser {
    #block;
    #place = AT_MARK;
    #marked = 0;
    #name = "";
    #field = UNKNOWN;
    // A CR has ended a line at once; an LF right behind it belongs to it, even when it comes a chunk later.
    #afterCr = false;
    #refusal = null;
    #streams = 0;

    constructor(sink, bounds = BOUNDS) {
        this.#block = new Block(bounds, sink);
    }

    /** What a client that comes back now sends as `Last-Event-ID`; when empty, it sends no such header. */
    get lastEventId() {
        return this.#block.lastEventId;
    }

    /** Takes the next bytes, which are not kept; throws an SseLimitError once a bound was passed. */
    feed(bytes) {
        if (this.#refusal) {
            throw this.#refusal;
        }
        // Who is told may end the stream; the rest of its bytes are nobody's then.
        const stream = this.#streams;
        try {
            for (let at = 0; at < bytes.length && stream === this.#streams; ) {
                at = this.#step(bytes, at);
            }
        } catch (error) {
            if (error instanceof SseLimitError) {
                this.end();
                this.#refusal = error;
            }
            throw error;
        }
    }

    /** The stream is over: the block no blank line has ended is lost. The next stream may be fed. */
    end() {
        this.#streams++;
        this.#block.resume(this.#block.lastEventId);
        this.#endLine();
        this.#place = AT_MARK;
        this.#marked = 0;
        this.#afterCr = false;
    }

    /** Starts anew as a client that already has this id; takes back a refusal. */
    reset(lastEventId) {
        this.end();
        this.#block.resume(lastEventId);
        this.#refusal = null;
    }

    // Takes some bytes, or only learns that the next one starts something else; returns where the next one stands.
    #step(bytes, at) {
        const byte = bytes[at];
        if (this.#afterCr) {
            this.#afterCr = false;
            return byte === LF ? at + 1 : at;
        }
        switch (this.#place) {
            case AT_MARK:
                return this.#mark(byte, at);
            case AT_NAME:
                return this.#nameByte(byte, at);
            case AT_SPACE:
                this.#place = AT_VALUE;
                return byte === SPACE ? at + 1 : at;
            default:
                return this.#value(bytes, at);
        }
    }

    #mark(byte, at) {
        if (byte === MARK[this.#marked]) {
            this.#marked++;
            this.#place = this.#marked === MARK.length ? AT_NAME : AT_MARK;
            return at + 1;
        }
        if (this.#marked > 0) {
            this.#begin(UNKNOWN, AT_VALUE);
        } else {
            this.#place = AT_NAME;
        }
        return at;
    }

    #nameByte(byte, at) {
        if (byte === LF || byte === CR) {
            this.#nameOnly(byte);
        } else if (byte === COLON) {
            this.#begin(FIELDS.has(this.#name) ? this.#name : UNKNOWN, AT_SPACE);
        } else {
            this.#name += String.fromCharCode(byte);
            if (this.#name.length > LONGEST_NAME) {
                this.#begin(UNKNOWN, AT_VALUE);
            }
        }
        return at + 1;
    }

    #nameOnly(lineEnd) {
        const name = this.#name;
        this.#afterCr = lineEnd === CR;
        this.#endLine();
        if (name === "") {
            this.#block.dispatch();
        } else {
            const field = FIELDS.has(name) ? name : UNKNOWN;
            this.#block.begin(field);
            this.#block.end(field);
        }
    }

    #value(bytes, at) {
        let stop = at;
        while (stop < bytes.length && bytes[stop] !== LF && bytes[stop] !== CR) {
            stop++;
        }
        this.#block.append(this.#field, bytes, at, stop);
        if (stop === bytes.length) {
            return stop;
        }
        this.#afterCr = bytes[stop] === CR;
        this.#endLine();
        this.#block.end(this.#field);
        return stop + 1;
    }

    #begin(field, place) {
        this.#field = field;
        this.#place = place;
        this.#block.begin(field);
    }

    #endLine() {
        this.#place = AT_NAME;
        this.#name = "";
    }
}
