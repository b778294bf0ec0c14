// A table that is kept up to date in place. Roles are spelled out because narrow pages show rows as cards, and a
// browser forgets that a table is one when its display changes.

import { el, setAttribute, setText } from "./dom.js";

/**
 * Columns: { label, kind: "number"|"short"|"name"|"text"|"mono"|"long", sort?, text(item) } or paint(cell, item) in place of text,
 * which makes what it needs once and then keeps it up to date. The first column names the row.
 */
export class Table {
    constructor({ caption, columns, onSort }) {
        this.columns = columns;
        this.caption = el("caption", {}, caption);
        this.heads = columns.map((column) => head(column, onSort));
        this.body = el("tbody", { role: "rowgroup" });
        const thead = el("thead", { role: "rowgroup" }, el("tr", { role: "row" }, ...this.heads));
        this.table = el("table", { role: "table" }, this.caption, thead, this.body);
        this.element = el("div", { class: "wide-table" }, this.table);
    }

    describe(text) {
        setText(this.caption, text);
    }

    sortedBy(sort) {
        this.columns.forEach((column, i) => {
            setAttribute(this.heads[i], "aria-sort", column.sort && column.sort === sort ? "descending" : null);
        });
    }

    show(items) {
        while (this.body.rows.length > items.length) {
            this.body.deleteRow(-1);
        }
        items.forEach((item, i) => this.fill(this.body.rows[i] ?? this.addRow(), item));
        this.element.hidden = items.length === 0;
        this.offerScrolling();
    }

    /** A table wider than its place is scrolled by keyboard too. */
    offerScrolling() {
        const wide = this.element.scrollWidth > this.element.clientWidth;
        setAttribute(this.element, "tabindex", wide ? 0 : null);
        setAttribute(this.element, "role", wide ? "region" : null);
        setAttribute(this.element, "aria-label", wide ? "Table, scrolls sideways" : null);
    }

    addRow() {
        const row = el("tr", { role: "row" }, ...this.columns.map(cell));
        this.body.append(row);
        return row;
    }

    fill(row, item) {
        this.columns.forEach((column, i) => {
            if (column.paint) {
                column.paint(row.cells[i].firstChild, item);
            } else {
                setText(row.cells[i].firstChild, column.text(item));
                setAttribute(row.cells[i], "title", column.kind === "name" ? column.text(item) : null);
            }
        });
    }
}

function head(column, onSort) {
    const label = column.sort
        ? el("button", { type: "button", class: "sort", title: "Largest first" }, column.label)
        : column.label;
    if (column.sort) {
        label.addEventListener("click", () => onSort(column.sort));
    }
    return el("th", { scope: "col", role: "columnheader", class: column.kind }, label);
}

function cell(column, i) {
    const first = i === 0;
    return el(
        first ? "th" : "td",
        {
            class: column.kind,
            "data-label": column.label,
            role: first ? "rowheader" : "cell",
            scope: first ? "row" : null,
        },
        el("div", { class: column.kind === "mono" ? "mono" : null }),
    );
}

/** What a table's place says when there is nothing: what that means, and a line to try. */
export function empty(text, line) {
    return el("div", { class: "empty", hidden: true }, el("p", {}, text), line ? el("pre", {}, line) : null);
}
