// Streams that somebody attends, and how full the buffer of each is.

import { el, meter, setText } from "../dom.js";
import { bytes, count, name, percent } from "../format.js";
import { PagedView } from "../paged.js";

function paintFill(cell, stream) {
    if (!cell.meter) {
        cell.meter = meter("Buffer");
        cell.said = el("span");
        cell.append(el("div", { class: "fill" }, cell.meter.element, cell.said));
    }
    cell.meter.show(stream.ring_fill, percent(stream.ring_fill));
    setText(cell.said, percent(stream.ring_fill));
}

const COLUMNS = [
    { label: "Stream", kind: "name", text: (stream) => name(stream.stream) },
    { label: "Node", kind: "short", text: (stream) => name(stream.node) },
    { label: "Readers", kind: "number", text: (stream) => count(stream.readers) },
    { label: "Buffer", kind: "short", paint: paintFill },
    { label: "Events kept", kind: "number", text: (stream) => count(stream.ring_events) },
    { label: "Bytes kept", kind: "number", text: (stream) => bytes(stream.ring_bytes) },
    { label: "Tail", kind: "mono", text: (stream) => name(stream.tail) },
];

export function streamsView(panel, { api, origin }) {
    return new PagedView(panel, api, {
        title: "Streams",
        about: "Each node keeps the tail of the streams it serves. A full buffer is no fault: the oldest event makes room.",
        path: "api/streams",
        key: "streams",
        noun: "stream",
        nouns: "streams",
        search: "Stream",
        columns: COLUMNS,
        nothing: ["No stream has a reader. A channel exists as soon as somebody names it:", `curl -N ${origin}/events/demo`],
    });
}
