// Figures and names as people read them. Pure: a value comes in, a text goes out.

export const NOTHING = "–";

const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const fine = new Intl.NumberFormat("en", { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const UNITS = ["B", "KiB", "MiB", "GiB", "TiB"];
const LONGEST_NAME = 120;

function known(value) {
    return typeof value === "number" && Number.isFinite(value);
}

export function count(value) {
    return known(value) ? whole.format(value) : NOTHING;
}

/** Per second: small figures keep a decimal, or a quiet system would read as a dead one. */
export function rate(value) {
    if (!known(value)) {
        return NOTHING;
    }
    return value > 0 && value < 10 ? fine.format(value) : whole.format(value);
}

export function bytes(value) {
    if (!known(value)) {
        return NOTHING;
    }
    let unit = 0;
    let rest = value;
    while (rest >= 1024 && unit < UNITS.length - 1) {
        rest /= 1024;
        unit += 1;
    }
    return `${unit > 0 && rest < 100 ? fine.format(rest) : whole.format(rest)} ${UNITS[unit]}`;
}

export function percent(share) {
    return known(share) ? `${whole.format(share * 100)} %` : NOTHING;
}

/** A duration in its two largest units. */
export function age(seconds) {
    if (!known(seconds)) {
        return NOTHING;
    }
    const s = Math.max(0, Math.floor(seconds));
    if (s < 60) {
        return `${s} s`;
    }
    if (s < 3600) {
        return `${Math.floor(s / 60)} min ${s % 60} s`;
    }
    if (s < 86400) {
        return `${Math.floor(s / 3600)} h ${Math.floor((s % 3600) / 60)} min`;
    }
    return `${whole.format(Math.floor(s / 86400))} d ${Math.floor((s % 86400) / 3600)} h`;
}

const two = (n) => String(n).padStart(2, "0");

/** The time of day, of this viewer; with the date if it is another day. */
export function time(instant) {
    const date = new Date(instant);
    if (instant === null || instant === undefined || Number.isNaN(date.getTime())) {
        return NOTHING;
    }
    const clock = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
    const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
    return date.toDateString() === new Date().toDateString() ? clock : `${day} ${clock}`;
}

// Controls, marks that turn the direction of writing, and what has no width: a name could hide or imitate with them.
const TRICKS = /[\p{Cc}\p{Cf}\u2028\u2029]/gu;

/** A name that a stranger chose: what cannot be seen is shown by its number, and no name pushes the others away. */
export function name(text) {
    if (text === null || text === undefined || text === "") {
        return NOTHING;
    }
    const seen = String(text).replace(TRICKS, (c) => `\u27e8${c.codePointAt(0).toString(16).padStart(2, "0")}\u27e9`);
    return seen.length > LONGEST_NAME ? `${seen.slice(0, LONGEST_NAME)}…` : seen;
}

/** Who a client says that it is. */
export function client(value) {
    if (!value) {
        return NOTHING;
    }
    if (typeof value === "string") {
        return name(value);
    }
    return value.version ? `${name(value.name)} ${name(value.version)}` : name(value.name);
}

export function plural(n, one, many = `${one}s`) {
    return `${count(n)} ${n === 1 ? one : many}`;
}
