// What a scenario expects, word by word: each expectation that does not hold is one line of the verdict.

export class Checks {
    failures = [];

    /** Says what was wrong where it does not hold. */
    expect(holds, otherwise) {
        if (!holds) {
            this.failures.push(otherwise);
        }
        return holds;
    }

    /** The measured line speaks of what was expected as of a fact: where something did not hold, the failures speak alone. */
    outcome(measured, recovery) {
        const passed = this.failures.length === 0;
        return { passed, ...(passed ? { measured } : { unproven: measured }), failures: this.failures, recovery };
    }
}

const at = (sorted, part) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? NaN;

/** The times in order, with the names one speaks of them by. */
export function times(some) {
    const sorted = [...some].sort((a, b) => a - b);
    return { count: sorted.length, p50: at(sorted, 0.5), p99: at(sorted, 0.99), worst: at(sorted, 1) };
}

export const ms = (time) => `${time < 10 ? time.toFixed(1) : Math.round(time)} ms`;
