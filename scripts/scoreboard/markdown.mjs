// Stored results as a table for docs/reliability.md.

const cell = (text) => String(text).replaceAll('|', '\\|');

function row({ number, stars, title, file, also, measured, passed, skipped, long, failures = [] }) {
    const proof = `[${file.slice(3, -4)}](../scripts/scoreboard/scenarios/${file})${also ? `; ${also}` : ''}`;
    const but = failures.length > 0 ? `; but ${failures.length > 1 ? `${failures.length} times, first: ` : ''}${failures[0].split('\n')[0]}` : '';
    const value = skipped ? `skipped: ${skipped}` : `${measured}${long ? ' (real durations)' : ''}${but}`;
    const verdict = skipped ? '–' : passed ? 'pass' : '**fail**';
    return `| ${number} | ${'★'.repeat(stars)} | ${cell(title)} | ${proof} | ${cell(value)} | ${verdict} |`;
}

export function markdown(results) {
    const head = ['| # | ★ | scenario | proven by | measured | |', '|---|---|---|---|---|---|'];
    return [...head, ...results.map(row)].join('\n');
}
