// A view of a long list that the gateway filters, sorts and cuts into pages: 10,000 links are 50 rows here.

import { announce, el, freshId, setText } from "./dom.js";
import { count, plural } from "./format.js";
import { Pager } from "./pager.js";
import { Poll } from "./poll.js";
import { empty, Table } from "./table.js";

const EVERY = 3_000;
const TYPING = 250;

/**
 * Made of { title, about, path, key, noun, nouns, columns, search, filters: [{ name, label, options() }], sorts:
 * [{ name, label }], nothing: [text, line] }.
 */
export class PagedView {
    constructor(panel, api, wants) {
        this.api = api;
        this.wants = wants;
        this.asked = { q: "", sort: wants.sorts?.[0].name, offset: 0, limit: 50 };
        this.turn = 0;
        this.told = null;
        this.table = new Table({ caption: wants.title, columns: wants.columns, onSort: (sort) => this.ask({ sort }) });
        this.pager = new Pager((page) => this.turnTo(page), wants.nouns);
        this.nothing = empty(...wants.nothing);
        this.noMatch = empty(`No ${wants.noun} fits what you look for.`);
        this.trouble = el("p", { class: "notice" });
        this.poll = new Poll(EVERY, () => this.load());
        panel.append(heading(wants), this.trouble, this.box());
    }

    show() {
        this.poll.start();
    }

    hide() {
        this.poll.stop();
    }

    box() {
        const { filters = [], sorts = [], search } = this.wants;
        this.selects = filters.map((filter) => this.select(filter));
        this.sorter = sorts.length > 0 ? this.select({ name: "sort", label: "Largest first by" }, sorts) : null;
        this.sorter?.field.classList.add("narrow-only");
        const tools = el("form", { class: "tools", role: "search", "aria-label": this.wants.title });
        tools.append(this.search(search), ...this.selects.map((s) => s.field), this.sorter?.field ?? "");
        tools.addEventListener("submit", (event) => event.preventDefault());
        return el("div", { class: "box" }, tools, this.table.element, this.noMatch, this.nothing, this.pager.element);
    }

    search(label) {
        const id = freshId("search");
        const input = el("input", { id, type: "search", autocomplete: "off", spellcheck: "false", maxlength: 200 });
        let waiting = null;
        input.addEventListener("input", () => {
            clearTimeout(waiting);
            waiting = setTimeout(() => this.ask({ q: input.value.trim() }), TYPING);
        });
        return el("div", { class: "field grow" }, el("label", { for: id }, label), input);
    }

    select(filter, choices = []) {
        const id = freshId(filter.name);
        const input = el("select", { id, name: filter.name });
        const made = { filter, input, field: el("div", { class: "field" }, el("label", { for: id }, filter.label), input) };
        fillSelect(input, choices);
        input.addEventListener("change", () => this.ask({ [filter.name]: input.value }));
        return made;
    }

    /** What can be chosen may have changed: a node came or left. */
    refreshFilters() {
        for (const { filter, input } of this.selects) {
            fillSelect(input, [{ name: "", label: "All" }, ...filter.options()]);
        }
    }

    ask(change) {
        Object.assign(this.asked, { offset: 0 }, change);
        if (this.sorter) {
            this.sorter.input.value = this.asked.sort;
        }
        this.poll.now();
    }

    turnTo(page) {
        this.asked.offset = (page - 1) * this.asked.limit;
        this.poll.now();
    }

    async load() {
        this.refreshFilters();
        this.turn += 1;
        const turn = this.turn;
        try {
            const answer = await this.api.get(this.wants.path, this.asked);
            if (turn === this.turn) {
                this.paint(answer);
            }
        } catch (refused) {
            setText(this.trouble, refused.message);
        }
    }

    paint(answer) {
        const items = answer[this.wants.key] ?? [];
        const total = answer.total ?? items.length;
        const matched = answer.matched ?? total;
        const offset = this.asked.offset;
        if (items.length === 0 && matched > 0 && offset > 0) {
            this.ask({}); // the list has grown shorter than where we looked
            return;
        }
        const silent = answer.partial ?? [];
        setText(this.trouble, silent.length > 0 ? `Without those of ${silent.join(", ")}, which did not answer.` : "");
        this.table.show(items);
        this.table.sortedBy(this.asked.sort);
        this.nothing.hidden = items.length > 0 || this.filtered();
        this.noMatch.hidden = items.length > 0 || !this.filtered();
        this.pager.show({ offset, limit: this.asked.limit, shown: items.length, matched });
        this.tell(matched, total);
    }

    filtered() {
        return this.asked.q !== "" || this.selects.some(({ input }) => input.value !== "");
    }

    /** The outcome of a question is said once, not at each refresh. */
    tell(matched, total) {
        const of = matched === total ? "" : ` of ${count(total)}`;
        this.table.describe(`${plural(matched, this.wants.noun, this.wants.nouns)}${of}`);
        const question = JSON.stringify(this.asked);
        if (this.told !== null && this.told !== question) {
            announce(`${plural(matched, this.wants.noun, this.wants.nouns)}${of}`);
        }
        this.told = question;
    }
}

export function heading({ title, about }) {
    return el("div", { class: "head" }, el("h2", {}, title), el("p", { class: "quiet" }, about));
}

function fillSelect(input, choices) {
    const chosen = input.value;
    const same = choices.length === input.options.length && choices.every((c, i) => c.name === input.options[i].value);
    if (!same) {
        input.replaceChildren(...choices.map(({ name, label }) => el("option", { value: name }, label ?? name)));
        input.value = choices.some((choice) => choice.name === chosen) ? chosen : (choices[0]?.name ?? "");
    }
}
