// Judges what the players saw against what the upstream's books say. Pure: it is told everything, with the time.

/** What explains an error for how long: an upstream's outage is waited out by the gateway, a dead node's exchanges are taken over. */
const SHADOW = 40_000;

/** Answers that were written so shortly before may not have arrived. */
const BEFORE = 5_000;

const quantile = (sorted, q) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? NaN;

export function figures(times) {
  if (times.length === 0) {
    return 'none';
  }
  const sorted = [...times].sort((a, b) => a - b);
  const show = (q) => Math.round(quantile(sorted, q));
  return `n ${sorted.length}, p50 ${show(0.5)} ms, p99 ${show(0.99)} ms, longest ${show(1)} ms`;
}

export class Oracle {
  #calls = new Map();
  #listeners = new Map();
  #disturbances = [];
  #violations = [];
  #announcements = 0;
  #repetitions = 0;
  #recoveries = new Map();

  // --- what happens to the parts

  disturb(what, time) {
    this.#disturbances.push({ what, time });
  }

  #isExplained(time, before = 0) {
    return this.#disturbances.some((disturbance) => time >= disturbance.time - before && time < disturbance.time + SHADOW);
  }

  #when(time) {
    const last = this.#disturbances.filter((disturbance) => disturbance.time <= time).at(-1);
    return last ? `${((time - last.time) / 1000).toFixed(1)} s after ${last.what}` : 'before anything was done';
  }

  // --- what happens to calls

  called(tag, kind, tool, secret, time) {
    this.#calls.set(secret, { tag, kind, tool, begin: time, outcomes: [] });
  }

  /** A result came: what it said of whose call it is the answer to. */
  answered(secret, said, time) {
    const call = this.#calls.get(secret);
    call.outcomes.push('answered');
    call.end = time;
    if (said.secret !== secret || said.tag !== call.tag) {
      this.#violate('answer of another call', `${call.tag} ${call.kind} got ${JSON.stringify(said)}`);
    }
  }

  /** An explicit error came. */
  refused(secret, reason, time) {
    const call = this.#calls.get(secret);
    call.outcomes.push(`refused: ${reason.replace(/\s+/g, ' ')}`);
    call.end = time;
    if (!this.#isExplained(time)) {
      this.#violate('error without a cause', `${call.tag} ${call.tool}: ${reason}`);
    }
  }

  /** The connection of the request itself broke before anything could be resumed: nobody but the client can know. */
  cut(secret, reason, time) {
    const call = this.#calls.get(secret);
    call.outcomes.push('cut');
    call.end = time;
    if (!this.#isExplained(time)) {
      this.#violate('request cut without a cause', `${call.tag} ${call.tool}: ${reason}`);
    }
  }

  /**
   * A second message with the id of a call that has its outcome. The old transport has no way to say what has arrived, so
   * that the last answers come once more after a return; the SDK drops them.
   */
  strayed(secret, { what, mayRepeat = false }) {
    const call = this.#calls.get(secret);
    const isRepetition = mayRepeat && call.outcomes[0] === 'answered' && this.#isExplained(call.end, BEFORE);
    // The client gave up on a cut request; that its answer comes all the same is how it should be.
    if (isRepetition || call.outcomes.includes('cut')) {
      this.#repetitions++;
    } else {
      this.#violate('second outcome', `${call.tag} ${call.kind} ${what}`);
    }
  }

  // --- what happens to sessions

  heard(tag, said, time, mayRepeat = false) {
    if (said.tag !== tag) {
      this.#violate('notification of another session', `${tag} got ${JSON.stringify(said)}`);
      return;
    }
    const { last = 0, hole } = this.#listeners.get(tag) ?? {};
    if (said.n <= last && mayRepeat && this.#isExplained(time)) {
      this.#repetitions++;
      return;
    }
    if (said.n <= last) {
      this.#violate('notification doubled', `${tag} got ${said.n} after ${last}, ${this.#when(time)}`);
      return;
    }
    if (said.n > last + 1 && !hole) {
      this.#violate('notification lost', `${tag} got ${said.n} after ${last}, ${this.#when(time)}`);
    }
    this.#listeners.set(tag, { last: said.n, hole: false });
  }

  /** The session was told that something is missing. */
  warned(tag) {
    this.#announcements++;
    this.#listeners.set(tag, { ...this.#listeners.get(tag), hole: true });
  }

  /** The session was told that it is none. */
  expelled(tag, reason, time) {
    this.#violate('had to initialise again', `${tag}: ${reason}, ${this.#when(time)}`);
  }

  recovered(kind, took) {
    this.#recoveries.set(kind, [...(this.#recoveries.get(kind) ?? []), took]);
  }

  // --- the end

  get open() {
    return [...this.#calls.values()].filter((call) => call.outcomes.length === 0).length;
  }

  behind(book) {
    return [...this.#listeners].filter(([tag, { last }]) => last < book.announced[tag]).length;
  }

  verdict(book, tags) {
    for (const [secret, call] of this.#calls) {
      this.#judgeCall(secret, call, book.executed[secret] ?? 0);
    }
    for (const tag of tags) {
      this.#judgeListener(tag, book.announced[tag] ?? 0);
    }
    return this.#violations;
  }

  #judgeCall(secret, call, runs) {
    if (call.outcomes.length === 0) {
      this.#violate('no outcome', `${call.tag} ${call.tool}, begun ${this.#when(call.begin)}, ran ${runs} times`);
    }
    if (call.outcomes.length > 1) {
      this.#violate('second outcome', `${call.tag} ${call.kind}: ${call.outcomes}`);
    }
    if (call.tool === 'work' && runs > 1) {
      this.#violate('run more than once', `${call.tag} ${call.kind} ran ${runs} times`);
    }
    if (call.outcomes.includes('answered') && runs === 0) {
      this.#violate('answered, but never run', `${call.tag} ${secret}`);
    }
  }

  #judgeListener(tag, announced) {
    const { last, hole } = this.#listeners.get(tag) ?? {};
    if (last === undefined) {
      this.#violate('deaf', `${tag} heard none of ${announced} notifications`);
    } else if (last < announced && !hole) {
      this.#violate('notification lost', `${tag} heard ${last} of ${announced} at the end`);
    }
  }

  #violate(law, detail) {
    this.#violations.push({ law, detail });
  }

  report() {
    const calls = [...this.#calls.values()];
    const lines = [];
    for (const kind of new Set(calls.map((call) => call.kind))) {
      const own = calls.filter((call) => call.kind === kind);
      lines.push(`calls     ${kind}: ${own.length}`);
      const outcomes = own.flatMap((call) => call.outcomes.map((outcome) => ({ outcome, call })));
      for (const [outcome, all] of Map.groupBy(outcomes, (each) => each.outcome)) {
        const times = new Set(outcome === 'answered' ? [] : all.map(({ call }) => this.#when(call.begin)));
        lines.push(`          ${all.length} ${outcome}${times.size > 0 ? `, begun ${[...times].slice(0, 6).join('; ')}` : ''}`);
      }
      lines.push(`latency   ${kind}: ${figures(own.filter((call) => call.end).map((call) => call.end - call.begin))}`);
      lines.push(`recovery  ${kind}: ${figures(this.#recoveries.get(kind) ?? [])}`);
    }
    lines.push(`disturbed ${this.#disturbances.map(({ what }) => what).join(', ') || 'by nothing'}`);
    lines.push(`besides   ${this.#announcements} gaps announced, ${this.#repetitions} messages came again to the old transport`);
    return lines;
  }
}
