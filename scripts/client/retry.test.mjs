// The policy, with chance and time handed in: the same figures as the Java one's tests.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Comeback } from "../../gateway/src/main/resources/client/comeback.js";
import {
    FailureClass,
    LONGEST_NAMED,
    ReconnectPolicy,
    RecentIds,
    RetryBudget,
} from "../../gateway/src/main/resources/client/retry.js";

const EXACT = new ReconnectPolicy({ initial: 1000, max: 30000, jitter: 0, mostTries: 7 });
const CLIENT = new ReconnectPolicy();
const UPSTREAM = new ReconnectPolicy({ max: 30000, jitter: 0, jitterFactor: 0.3, mostTries: 10 });
const least = () => 0;
const most = () => 1 - 1e-9;

test("doubles from the initial delay to the longest", () => {
    const delays = [0, 1, 2, 3, 4, 5, 6].map((failed) => EXACT.delay(failed));
    assert.deepEqual(delays, [1000, 2000, 4000, 8000, 16000, 30000, 30000]);
});

test("gives up after the last try", () => {
    assert.equal(EXACT.delay(6), 30000);
    assert.equal(EXACT.delay(7), null);
    assert.equal(EXACT.delay(7, 1000), null);
});

test("the figures of clients are those required", () => {
    const between = (delay, from, to) => assert.ok(delay >= from && delay <= to, `${delay} in ${from} to ${to}`);
    between(CLIENT.delay(0, null, least), 1000, 1000);
    between(CLIENT.delay(0, null, most), 1499, 1500);
    between(CLIENT.delay(1e6, null, least), 60000, 60000);
    between(CLIENT.delay(1e6, null, most), 60499, 60500);
    between(UPSTREAM.delay(0, null, least), 700, 700);
    between(UPSTREAM.delay(0, null, most), 1299, 1300);
});

test("spreads delays over all of the jitter", () => {
    const sample = Array.from({ length: 1000 }, () => CLIENT.delay(1));
    assert.ok(sample.every((delay) => delay >= 2000 && delay <= 2500));
    assert.ok(sample.some((delay) => delay < 2050) && sample.some((delay) => delay > 2450));
});

test("meets the time a server named and never comes sooner", () => {
    assert.equal(EXACT.delay(0, 200), 200);
    assert.equal(EXACT.delay(0, 0), 0);
    assert.equal(EXACT.delay(0, 100000), 100000);
    assert.equal(EXACT.delay(1, 200), 2000);
    assert.equal(EXACT.delay(1, 100000), 100000);
    assert.ok([0, 1, 2, 3].every((failed) => UPSTREAM.delay(failed, 3000) >= 3000));
});

test("does not obey a server that names a time beyond reason", () => {
    assert.equal(EXACT.delay(0, Infinity), LONGEST_NAMED);
});

test("one that waits for nothing at first does not go round without pause", () => {
    const eager = new ReconnectPolicy({ initial: 0, jitter: 0 });
    assert.deepEqual([0, 1, 2, 3].map((failed) => eager.delay(failed)), [0, 100, 200, 400]);
});

test("refuses what is no policy", () => {
    for (const wrong of [{ initial: 2, max: 1 }, { initial: -1 }, { max: LONGEST_NAMED + 1 }, { mostTries: -1 }, { jitter: -1 }]) {
        assert.throws(() => new ReconnectPolicy(wrong), RangeError);
    }
    assert.throws(() => new ReconnectPolicy({ jitterFactor: 1 }), RangeError);
});

test("failures are of the classes required", () => {
    const classes = { 429: "throttled", 500: "passing", 503: "passing", 400: "refused", 401: "refused", 404: "refused" };
    Object.entries({ ...classes, 307: "refused", 205: "unreadable" }).forEach(([status, failure]) =>
        assert.equal(FailureClass.ofStatus(Number(status)), failure),
    );
    assert.deepEqual(["passing", "throttled", "refused", "unreadable"].map(FailureClass.isRetried), [true, true, false, false]);
});

test("Retry-After is read in seconds, and no more than an hour", () => {
    assert.equal(FailureClass.retryAfter(" 3 "), 3000);
    assert.equal(FailureClass.retryAfter("99999999999999999999"), LONGEST_NAMED);
    for (const other of [null, "", "-1", "1.5", "Wed, 21 Oct 2026 07:28:00 GMT"]) {
        assert.equal(FailureClass.retryAfter(other), null);
    }
});

test("a budget is spent, comes back with time, and never holds more than it may", () => {
    const budget = new RetryBudget(2, 100, 1000);
    assert.deepEqual([budget.take(1000), budget.take(1000), budget.take(1000)], [true, true, false]);
    assert.equal(budget.untilNext(1030), 70);
    assert.equal(budget.untilNext(900), 100, "time that steps back gives nothing and takes nothing");
    assert.equal(budget.take(1100), true);
    assert.equal(budget.take(1199), false);
    assert.deepEqual([budget.take(9000), budget.take(9000), budget.take(9000)], [true, true, false]);
});

test("recent ids are known, and forgotten once so many others came", () => {
    const ids = new RecentIds(2);
    assert.deepEqual(["a", "b", "a", "c", "b", "c"].map((id) => ids.firstTime(id)), [true, true, false, true, true, false]);
    assert.deepEqual([ids.firstTime(""), ids.firstTime(""), ids.firstTime(null)], [true, true, true]);
    ids.clear();
    assert.equal(ids.firstTime("c"), true);
});

test("a connection that lasted begins the count anew", (t) => {
    let now = 0;
    t.mock.method(Date, "now", () => now);
    const comeback = new Comeback(EXACT, null);
    const delays = [comeback.next(null), comeback.next(null)];
    for (const lasted of [9999, 10000]) {
        comeback.opened();
        now += lasted;
        delays.push(comeback.next(null));
    }
    assert.deepEqual(delays, [1000, 2000, 4000, 1000]);
});
