// A box to follow a channel with and to publish to it: the quickest way to see that the gateway works.

import { LifelineSource } from "../../client/lifeline.js";
import { refusal } from "../api.js";
import { el, freshId, setText } from "../dom.js";
import { count, name, time } from "../format.js";
import { heading } from "../paged.js";

const MOST_EVENTS = 200;
const LONGEST_DATA = 4_000;

/** A source that tells of every event, whatever its type: EventSource tells only of the types one asks for. */
class EverySource extends LifelineSource {
    dispatchEvent(event) {
        if (event instanceof MessageEvent) {
            this.onevent?.(event);
            return true;
        }
        return super.dispatchEvent(event);
    }
}

export class ChannelView {
    constructor(panel, { api, tokens }) {
        this.api = api;
        this.tokens = tokens;
        this.source = null;
        this.heard = 0;
        this.channel = el("input", {
            id: freshId("channel"),
            value: "demo",
            required: true,
            maxlength: 128,
            autocomplete: "off",
            spellcheck: "false",
            pattern: "[A-Za-z0-9][A-Za-z0-9._:~@\\-]*",
        });
        this.key = el("input", { id: freshId("key"), type: "password", autocomplete: "off" });
        const about = "Events appear here as any reader gets them. What is published here is seen by all of them.";
        panel.append(
            heading({ title: "Channel", about }),
            el("div", { class: "box" }, this.where()),
            el("div", { class: "halves" }, this.follower(), this.publisher()),
        );
    }

    show() {}

    hide() {}

    where() {
        const key = el(
            "div",
            { class: "field grow" },
            el("label", { for: this.key.id }, "Key for channels, where the gateway wants one (kept until the page closes)"),
            this.key,
        );
        const channel = el("div", { class: "field" }, el("label", { for: this.channel.id }, "Channel"), this.channel);
        const form = el("form", { class: "tools", "aria-label": "Which channel" }, channel, key);
        form.addEventListener("submit", (event) => event.preventDefault());
        this.channel.addEventListener("change", () => this.source && this.follow());
        return form;
    }

    follower() {
        this.start = el("button", { type: "button", class: "primary" }, "Follow");
        this.stop = el("button", { type: "button", hidden: true }, "Stop");
        this.state = el("p", { class: "said quiet", role: "status" }, "Not followed.");
        this.indicator = el("lifeline-status", { hidden: true });
        this.events = el("ol", { class: "events", role: "log", "aria-label": "Events", tabindex: 0 });
        this.events.dataset.empty = "Nothing yet. Follow the channel, then publish to it from here or from a terminal.";
        this.start.addEventListener("click", () => this.follow());
        this.stop.addEventListener("click", () => this.leave());
        const row = el("div", { class: "row" }, this.start, this.stop, this.indicator);
        return el("section", { class: "box half" }, el("h3", {}, "Follow"), row, this.events, this.state);
    }

    publisher() {
        this.type = el("input", { id: freshId("type"), maxlength: 128, autocomplete: "off", placeholder: "message" });
        this.data = el("textarea", { id: freshId("data"), rows: 6, required: true });
        this.outcome = el("p", { class: "said quiet", role: "status" });
        const form = el(
            "form",
            { class: "box half", "aria-label": "Publish" },
            el("h3", {}, "Publish"),
            el("div", { class: "field" }, el("label", { for: this.data.id }, "Data"), this.data),
            el("div", { class: "field" }, el("label", { for: this.type.id }, "Type, if not message"), this.type),
            el("div", { class: "row" }, el("button", { type: "submit", class: "primary" }, "Publish")),
            this.outcome,
        );
        form.addEventListener("submit", (event) => {
            event.preventDefault();
            this.publish();
        });
        return form;
    }

    headers() {
        const key = this.key.value.trim();
        return key ? { Authorization: `Bearer ${key}` } : this.tokens.headers();
    }

    url(parameters) {
        return this.api.url(`events/${encodeURIComponent(this.channel.value.trim())}`, parameters);
    }

    follow() {
        this.source?.close();
        if (!this.channel.reportValidity()) {
            return;
        }
        this.heard = 0;
        this.events.replaceChildren();
        const source = new EverySource(String(this.url()), {
            headers: this.headers(),
            fetch: (input, options) => this.hear(input, options),
        });
        this.source = source;
        source.onevent = ({ type, data }) => this.take(type, data);
        source.addEventListener("state", ({ detail }) => this.turn(source, detail));
        this.indicator.source = source;
        this.following(true);
        setText(this.state, "Connecting …");
    }

    /** Keeps what a refusal says: the source only tells that there was one. */
    async hear(input, options) {
        const response = await fetch(input, options);
        this.refused = response.ok ? null : await refusal(response.clone());
        return response;
    }

    turn(source, { state }) {
        if (source !== this.source) {
            return;
        }
        const said = {
            connected: `Attached to ${name(this.channel.value)}.`,
            reconnecting: "The stream was lost; it goes on from the last event.",
            failed: this.refused ? refusedWords(this.refused) : "The gateway refused.",
        }[state];
        if (said) {
            setText(this.state, said);
        }
        if (state === "failed") {
            this.following(false);
        }
    }

    leave() {
        this.source?.close();
        this.source = null;
        this.following(false);
        setText(this.state, `Stopped after ${count(this.heard)}.`);
        this.start.focus();
    }

    following(on) {
        this.start.hidden = on;
        this.stop.hidden = !on;
        this.indicator.hidden = !on;
    }

    take(type, data) {
        this.heard += 1;
        const text = data.length > LONGEST_DATA ? `${data.slice(0, LONGEST_DATA)}…` : data;
        this.events.prepend(
            el(
                "li",
                {},
                el("span", { class: "quiet" }, time(Date.now())),
                el("span", {}, name(type)),
                el("span", { class: "mono" }, text),
            ),
        );
        if (this.events.children.length > MOST_EVENTS) {
            this.events.lastChild.remove();
        }
    }

    async publish() {
        if (!this.channel.reportValidity()) {
            return;
        }
        try {
            const url = this.url({ event: this.type.value.trim() });
            const headers = { ...this.headers(), "Content-Type": "text/plain; charset=utf-8" };
            const response = await this.api.fetch(url, { method: "POST", headers, body: this.data.value });
            if (!response.ok) {
                throw await refusal(response);
            }
            const { id } = await response.json();
            setText(this.outcome, `Kept, under the id ${id}.`);
            this.data.select();
        } catch (refused) {
            setText(this.outcome, refusedWords(refused));
        }
    }
}

function refusedWords({ status, message }) {
    return status === 404 ? "Channels are not on this port, but on the one that clients come to." : message;
}
