// The views of the page as tabs: one is in the tab order, arrows go from one to the next.

import { el } from "./dom.js";

/** Each view: { name, label, build(panel) → { show(), hide() } }; a view is built when it is first looked at. */
export class Tabs {
    constructor(list, main, views) {
        this.views = views.map((view) => ({ ...view, tab: tab(view), panel: panel(view), made: null }));
        this.current = null;
        list.append(...this.views.map((view) => view.tab));
        main.append(...this.views.map((view) => view.panel));
        list.addEventListener("keydown", (event) => this.move(event));
        this.views.forEach((view) => view.tab.addEventListener("click", () => this.open(view.name)));
        window.addEventListener("hashchange", () => this.follow());
        this.follow();
    }

    follow() {
        const asked = location.hash.slice(1);
        const known = this.views.some((view) => view.name === asked);
        if (known || this.current === null) {
            this.open(known ? asked : this.views[0].name);
        }
    }

    open(name) {
        if (this.current?.name === name) {
            return;
        }
        this.current?.made.hide();
        this.current = this.views.find((view) => view.name === name);
        for (const view of this.views) {
            const chosen = view === this.current;
            view.tab.setAttribute("aria-selected", String(chosen));
            view.tab.tabIndex = chosen ? 0 : -1;
            view.panel.hidden = !chosen;
        }
        this.current.made ??= this.current.build(this.current.panel);
        this.current.made.show();
        this.current.tab.scrollIntoView({ block: "nearest", inline: "nearest" });
        history.replaceState(null, "", `#${name}`);
    }

    move(event) {
        const at = this.views.indexOf(this.current);
        const last = this.views.length - 1;
        const next = {
            ArrowRight: at === last ? 0 : at + 1,
            ArrowLeft: at === 0 ? last : at - 1,
            Home: 0,
            End: last,
        }[event.key];
        if (next !== undefined) {
            event.preventDefault();
            this.open(this.views[next].name);
            this.current.tab.focus();
        }
    }
}

function tab({ name, label }) {
    return el(
        "button",
        { type: "button", role: "tab", id: `tab-${name}`, "aria-controls": `panel-${name}`, class: "tab" },
        label,
    );
}

function panel({ name }) {
    return el("section", { role: "tabpanel", id: `panel-${name}`, "aria-labelledby": `tab-${name}`, hidden: true });
}
