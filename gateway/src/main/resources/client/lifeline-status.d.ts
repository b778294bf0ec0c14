import type { LifelineSource, LifelineState } from "./lifeline.js";

/** Shows people how a source is. */
export interface LifelineStatus extends HTMLElement {
    source: LifelineSource | null;
    /** Words to use in place of the English ones. */
    labels: Partial<Record<LifelineState | "attempt" | "in" | "now", string>>;
}

declare global {
    interface HTMLElementTagNameMap {
        "lifeline-status": LifelineStatus;
    }
}
