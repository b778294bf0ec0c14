// The events a source tells of besides those of the stream.

/** It is in another state: `detail` has the state, the attempt in a row, the delay before it, and the reason. */
export class StateEvent extends Event {
    constructor(detail) {
        super("state");
        this.detail = detail;
    }
}

/** A connection was lost or refused: `detail` has the reason, the status and the error if any, and whether it is retried. */
export class FailureEvent extends Event {
    constructor(detail) {
        super("error");
        this.detail = detail;
    }
}

/** Events are missing: `detail` has the last one before, the last one that is lost, and the reason. */
export class GapEvent extends MessageEvent {
    constructor(init, detail) {
        super("gap", init);
        this.detail = detail;
    }
}

/** A gateway's verdict about missing events; null for an event of that type that somebody else means differently. */
export function verdict(data) {
    try {
        const { from, to, reason } = JSON.parse(data);
        return typeof to === "string" && typeof reason === "string" ? { from: from ?? null, to, reason } : null;
    } catch {
        return null;
    }
}
