// Whether the reader would notice: a turn in which an event is missing, one comes twice, and a gap is announced.
import { Reader } from "./lifeline.js";

export const options = {
    iterations: 1,
    thresholds: {
        events_received: ["count==4"],
        events_missing: ["count==1"],
        events_repeated: ["count==1"],
        gap_verdicts: ["count==1"],
        heartbeats: ["count==1"],
    },
};

const TURN = [
    "retry: 1000",
    "id: a-0",
    "id: a-1\ndata: first",
    ": 2026-11-21T00:00:00Z",
    "id: a-3\ndata: after a hole",
    "id: a-3\ndata: after a hole",
    'id: b-0\nevent: gap\ndata: {"reason":"epoch"}',
    "id: b-1\ndata: another life",
    "id: b-2\ndata: cut off in the midd",
];

export default function () {
    const answer = { body: TURN.join("\n\n"), status: 200, error_code: 0, timings: { waiting: 1 } };
    const reader = new Reader(0);
    reader.take(answer);
    if (reader.lastId !== "b-1") {
        throw new Error(`it would come back with ${reader.lastId}`);
    }
}
