/** What a source does; all of it may be left out. Durations are milliseconds. */
export interface LifelineOptions {
    /** Sent with each request. */
    headers?: Record<string, string> | Headers;
    /** The bearer token, or who is asked for it before each request. */
    token?: string | null | (() => string | null | Promise<string | null>);
    /** Sends cookies to other origins too. */
    withCredentials?: boolean;
    /** Used instead of the global one. */
    fetch?: typeof fetch | null;
    /** Go on behind this event. */
    lastEventId?: string;
    /** Before the first try to come back; 1000. */
    initialDelay?: number;
    /** Beyond which the wait grows no more; 60000. */
    maxDelay?: number;
    /** By chance, added to each wait at most; 500. */
    jitter?: number;
    /** Tries in a row; unlimited. */
    maxAttempts?: number;
    /** More tries beyond maxAttempts: so many, and another each time so long has passed. */
    retryBudget?: { tokens: number; perToken: number } | null;
    /** Whether `retry:` of the stream is met; true. */
    serverRetry?: boolean;
    /** No byte for so long means that the stream is dead; 90000, and 0 for never. */
    idleTimeout?: number;
    /** How long an answer is waited for; 30000, and 0 for ever. */
    connectTimeout?: number;
    /** How many ids are remembered to drop what comes twice; 1000, and 0 for none. */
    recentIds?: number;
    /** Bytes of one event's data, of a label, of a comment, beyond which a stream is refused. */
    bounds?: Bounds;
    /** Where to acknowledge, if it cannot be told from the stream. */
    acknowledgeUrl?: string | null;
}

export type LifelineState = "connecting" | "connected" | "reconnecting" | "failed" | "closed";

/**
 * Why: the stream ended; the network; no byte; no answer; the status; not an event stream; beyond its bounds; no token to be
 * had; no tries left; 204; the network is back; somebody looks again; reconnect() was called; close() was called.
 */
export type LifelineReason =
    | "ended"
    | "network"
    | "idle"
    | "timeout"
    | "status"
    | "type"
    | "limit"
    | "token"
    | "exhausted"
    | "no-content"
    | "online"
    | "visible"
    | "asked"
    | "closed";

export interface StateDetail {
    state: LifelineState;
    /** Which try in a row it is; 0 for the first connection and while connected. */
    attempt: number;
    /** Until the next try, while reconnecting. */
    delay: number;
    reason: LifelineReason | null;
    status?: number;
}

export interface FailureDetail {
    reason: LifelineReason;
    status?: number;
    error?: unknown;
    /** Whether it is tried again. */
    retrying: boolean;
}

/** Events after `from`, up to and including `to`, are lost; `from` is null where nothing is known of it. */
export interface GapDetail {
    from: string | null;
    to: string;
    reason: "evicted" | "epoch" | "unknown" | string;
}

export interface StateEvent extends Event {
    readonly detail: StateDetail;
}

export interface FailureEvent extends Event {
    readonly detail: FailureDetail;
}

export interface GapEvent extends MessageEvent<string> {
    readonly detail: GapDetail;
}

export interface LifelineEvents {
    open: Event;
    message: MessageEvent<string>;
    error: FailureEvent;
    state: StateEvent;
    gap: GapEvent;
}

type Listener<E> = ((this: LifelineSource, event: E) => unknown) | { handleEvent(event: E): unknown };

/** A stream of events that is kept alive: lost, it is made again, and goes on behind the last event it had. */
export class LifelineSource extends EventTarget {
    static readonly CONNECTING: 0;
    static readonly OPEN: 1;
    static readonly CLOSED: 2;
    constructor(url: string | URL, options?: LifelineOptions);
    readonly url: string;
    readonly withCredentials: boolean;
    readonly readyState: 0 | 1 | 2;
    readonly state: LifelineState;
    /** Where it goes on from when it is lost now. */
    readonly lastEventId: string;
    /** How many events came a second time, and were dropped. */
    readonly duplicates: number;
    onopen: ((this: LifelineSource, event: Event) => unknown) | null;
    onmessage: ((this: LifelineSource, event: MessageEvent<string>) => unknown) | null;
    onerror: ((this: LifelineSource, event: FailureEvent) => unknown) | null;
    onstate: ((this: LifelineSource, event: StateEvent) => unknown) | null;
    ongap: ((this: LifelineSource, event: GapEvent) => unknown) | null;
    addEventListener<K extends keyof LifelineEvents>(
        type: K,
        listener: Listener<LifelineEvents[K]> | null,
        options?: boolean | AddEventListenerOptions,
    ): void;
    addEventListener(
        type: string,
        listener: Listener<MessageEvent<string>> | null,
        options?: boolean | AddEventListenerOptions,
    ): void;
    removeEventListener(type: string, listener: Listener<never> | null, options?: boolean | EventListenerOptions): void;
    /** Asks again at once, whatever the state, unless it is closed. */
    reconnect(): void;
    /** Tells the gateway that this session's client has everything up to an event, by default the last. */
    acknowledge(id?: string): Promise<void>;
    /** Ends it for good. */
    close(): void;
}

export interface Bounds {
    data: number;
    label: number;
    skipped: number;
}

export const BOUNDS: Readonly<Bounds>;

export class SseLimitError extends Error {
    readonly bound: keyof Bounds;
}

export interface SseSink {
    /** `own`: the event brought its id itself. */
    event(id: string, type: string, data: string, own: boolean): void;
    position?(lastEventId: string): void;
    retry?(millis: number): void;
    comment?(beginning: string): void;
}

export class SseParser {
    constructor(sink: SseSink, bounds?: Bounds);
    readonly lastEventId: string;
    feed(bytes: Uint8Array): void;
    end(): void;
    reset(lastEventId: string): void;
}

export interface PolicyOptions {
    initial?: number;
    max?: number;
    jitter?: number;
    jitterFactor?: number;
    mostTries?: number;
}

export class ReconnectPolicy {
    constructor(options?: PolicyOptions);
    delay(failed: number, named?: number | null, chance?: () => number): number | null;
}

export class RetryBudget {
    constructor(most: number, perToken: number, now: number);
    take(now: number): boolean;
    untilNext(now: number): number;
}

export class RecentIds {
    constructor(most: number);
    firstTime(id: string | null): boolean;
    clear(): void;
}

export type Failure = "passing" | "throttled" | "refused" | "unreadable";

export const FailureClass: Readonly<{
    PASSING: "passing";
    THROTTLED: "throttled";
    REFUSED: "refused";
    UNREADABLE: "unreadable";
    isRetried(failure: Failure): boolean;
    ofStatus(status: number): Failure;
    retryAfter(header: string | null): number | null;
}>;
