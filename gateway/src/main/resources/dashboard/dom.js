// Elements, made and kept up to date. Text becomes text, never markup: names of clients are written by strangers.

const SVG = "http://www.w3.org/2000/svg";

/** An element with attributes and children; a string is a text node, what is null or false is left out. */
export function el(tag, attributes = {}, ...children) {
    return dressed(document.createElement(tag), attributes, children);
}

/** The same in SVG. */
export function svg(tag, attributes = {}, ...children) {
    return dressed(document.createElementNS(SVG, tag), attributes, children);
}

function dressed(element, attributes, children) {
    for (const [name, value] of Object.entries(attributes)) {
        setAttribute(element, name, value);
    }
    element.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
    return element;
}

/** Touches the document only where something changed: a selection or a screen reader is not disturbed for nothing. */
export function setText(element, text) {
    const next = String(text);
    if (element.textContent !== next) {
        element.textContent = next;
    }
}

export function setAttribute(element, name, value) {
    if (value === null || value === undefined || value === false) {
        element.removeAttribute(name);
    } else {
        const next = value === true ? "" : String(value);
        if (element.getAttribute(name) !== next) {
            element.setAttribute(name, next);
        }
    }
}

/** A word with a mark of its own shape, so that no meaning hangs on a colour. */
export function paintState(element, tone, text) {
    element.classList.add("state");
    setAttribute(element, "data-tone", tone);
    setText(element, text);
}

/** Where a figure stands between nothing and full. */
export function meter(label) {
    const bar = el("meter", { min: 0, max: 1, high: 0.9, low: 0.7, optimum: 0, "aria-label": label });
    return {
        element: bar,
        show(share, text) {
            const value = Number.isFinite(share) ? Math.min(1, Math.max(0, share)) : 0;
            setAttribute(bar, "value", value);
            setAttribute(bar, "aria-valuetext", text);
        },
    };
}

let saying = [];

/** Says something to whoever listens to the page instead of looking at it; what happens at once is said in one breath. */
export function announce(text) {
    if (saying.length === 0) {
        queueMicrotask(() => {
            document.getElementById("announcements").textContent = saying.join(" ");
            saying = [];
        });
    }
    saying.push(text);
}

let ids = 0;

export function freshId(prefix) {
    ids += 1;
    return `${prefix}-${ids}`;
}
