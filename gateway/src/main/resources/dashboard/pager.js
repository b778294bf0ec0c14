// From page to page of a long list.

import { el, setText } from "./dom.js";
import { count } from "./format.js";

export class Pager {
    constructor(turnTo, nouns) {
        this.page = 1;
        this.pages = 1;
        this.where = el("p", { class: "quiet" });
        this.first = step("First", () => turnTo(1));
        this.back = step("Previous", () => turnTo(this.page - 1));
        this.next = step("Next", () => turnTo(this.page + 1));
        this.last = step("Last", () => turnTo(this.pages));
        this.element = el(
            "nav",
            { class: "pager", "aria-label": `Pages of ${nouns}` },
            this.where,
            this.first,
            this.back,
            this.next,
            this.last,
        );
    }

    show({ offset, limit, shown, matched }) {
        this.page = Math.floor(offset / limit) + 1;
        this.pages = Math.max(1, Math.ceil(matched / limit));
        const range = `${count(offset + 1)} to ${count(offset + shown)} of ${count(matched)}`;
        setText(this.where, `${range}, page ${count(this.page)} of ${count(this.pages)}`);
        this.enable(this.first, this.page > 1);
        this.enable(this.back, this.page > 1);
        this.enable(this.next, this.page < this.pages);
        this.enable(this.last, this.page < this.pages);
        this.element.hidden = matched <= limit;
    }

    /** Not by the disabled attribute: a button that disappears under the reader's finger takes the focus with it. */
    enable(button, possible) {
        button.setAttribute("aria-disabled", String(!possible));
    }
}

function step(label, go) {
    const button = el("button", { type: "button" }, label);
    button.addEventListener("click", () => {
        if (button.getAttribute("aria-disabled") !== "true") {
            go();
        }
    });
    return button;
}
