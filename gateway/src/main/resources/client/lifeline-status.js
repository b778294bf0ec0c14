// <lifeline-status>: shows people how a source is. Registered where there are custom elements; elsewhere this does nothing.

const LABELS = {
    connecting: "Connecting",
    connected: "Connected",
    reconnecting: "Connection lost",
    failed: "Disconnected",
    closed: "Closed",
    attempt: "attempt",
    in: "in",
    now: "Try again",
};

const STYLE = `
:host { color-scheme: light dark; display: inline-flex; align-items: center; gap: 0.5em; font: inherit;
    --lifeline-good: #1a7f37; --lifeline-wait: #9a6700; --lifeline-bad: #cf222e; --lifeline-off: #59636e; }
:host([hidden]) { display: none; }
@media (prefers-color-scheme: dark) {
    :host { --lifeline-good: #3fb950; --lifeline-wait: #d29922; --lifeline-bad: #f85149; --lifeline-off: #9198a1; }
}
.dot { inline-size: 0.7em; block-size: 0.7em; border-radius: 50%; background: var(--tone); flex: none; }
:host { --tone: var(--lifeline-off); }
:host([state="connected"]) { --tone: var(--lifeline-good); }
:host([state="connecting"]), :host([state="reconnecting"]) { --tone: var(--lifeline-wait); }
:host([state="failed"]) { --tone: var(--lifeline-bad); }
.more { font-variant-numeric: tabular-nums; opacity: 0.8; }
button { font: inherit; font-size: 0.9em; padding: 0 0.6em; border: 1px solid currentColor; border-radius: 0.4em;
    background: transparent; color: inherit; cursor: pointer; }
button:focus-visible { outline: 2px solid var(--tone); outline-offset: 2px; }
[hidden] { display: none; }
@media (prefers-reduced-motion: no-preference) {
    :host([state="connecting"]) .dot, :host([state="reconnecting"]) .dot { animation: wait 1.2s ease-in-out infinite; }
    @keyframes wait { 50% { opacity: 0.35; } }
}
@media (forced-colors: active) { .dot { background: CanvasText; } }
`;

function part(name, className) {
    const made = document.createElement(name);
    made.className = className;
    made.part = className;
    return made;
}

function define() {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);

    /** The element; give it a source, and words of your own if you like. */
    class LifelineStatus extends HTMLElement {
        #source = null;
        #labels = LABELS;
        #detail = null;
        #dueAt = 0;
        #ticking = null;
        #told = (event) => !("data" in event) && this.#take(event.detail);
        #text = part("span", "text");
        #more = part("span", "more");
        #button = part("button", "retry");

        constructor() {
            super();
            const root = this.attachShadow({ mode: "open" });
            root.adoptedStyleSheets = [sheet];
            const dot = part("span", "dot");
            dot.ariaHidden = "true";
            // It is read out when the state changes; a countdown that is read out each second helps nobody.
            this.#text.setAttribute("role", "status");
            this.#more.ariaHidden = "true";
            this.#button.type = "button";
            this.#button.addEventListener("click", () => this.#source?.reconnect());
            root.append(dot, this.#text, this.#more, this.#button);
        }

        get source() {
            return this.#source;
        }

        set source(source) {
            this.#release();
            this.#source = source ?? null;
            this.#detail = null;
            this.#attend();
        }

        get labels() {
            return { ...this.#labels };
        }

        set labels(labels) {
            this.#labels = { ...LABELS, ...labels };
            this.#show();
        }

        connectedCallback() {
            for (const name of ["source", "labels"]) {
                // Set before the element was known.
                if (Object.hasOwn(this, name)) {
                    const value = this[name];
                    delete this[name];
                    this[name] = value;
                }
            }
            this.#attend();
        }

        disconnectedCallback() {
            this.#release();
        }

        #attend() {
            this.#release();
            if (this.isConnected) {
                this.#source?.addEventListener("state", this.#told);
                this.#show();
            }
        }

        #release() {
            clearInterval(this.#ticking);
            this.#source?.removeEventListener("state", this.#told);
        }

        #take(detail) {
            this.#detail = detail;
            this.#dueAt = Date.now() + detail.delay;
            this.#show();
        }

        #show() {
            clearInterval(this.#ticking);
            const state = this.#source?.state ?? "closed";
            const detail = this.#detail?.state === state ? this.#detail : { attempt: 0, delay: 0 };
            this.setAttribute("state", state);
            if (this.#text.textContent !== this.#labels[state]) {
                this.#text.textContent = this.#labels[state];
            }
            this.#button.textContent = this.#labels.now;
            this.#button.hidden = state !== "reconnecting" && state !== "failed";
            this.#count(state, detail);
            if (state === "reconnecting" && detail.delay > 0) {
                this.#ticking = setInterval(() => this.#count(state, detail), 250);
            }
        }

        #count(state, { attempt, delay }) {
            const words = [];
            if (attempt > 0) {
                words.push(`${this.#labels.attempt} ${attempt}`);
            }
            if (state === "reconnecting" && delay > 0) {
                words.push(`${this.#labels.in} ${Math.max(0, Math.ceil((this.#dueAt - Date.now()) / 1000))} s`);
            }
            this.#more.textContent = words.join(", ");
        }
    }

    customElements.define("lifeline-status", LifelineStatus);
}

if (globalThis.customElements && !customElements.get("lifeline-status")) {
    define();
}
