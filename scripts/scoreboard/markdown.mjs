// Stored results as a table for docs/reliability.md.

const cell = (text) => String(text).replaceAll('|', '\\|');

function row({ number, stars, title, file, also, measured, passed, skipped, long, failures = [] }) {
    const proof = `[${file.slice(3, -4)}](../scripts/scoreboard/scenarios/${file})${also ? `; ${also}` : ''}`;
    const count = failures.length > 1 ? `${failures.length} expectations did not hold, first: ` : '';
    const told = passed ? measured : `${count}${failures[0].split('\n')[0]}`;
    const value = skipped ? `skipped: ${skipped}` : `${told}${long ? ' (real durations)' : ''}`;
    const verdict = skipped ? '–' : passed ? 'pass' : '**fail**';
    return `| ${number} | ${'★'.repeat(stars)} | ${cell(title)} | ${proof} | ${cell(value)} | ${verdict} |`;
}

export function markdown(results) {
    const head = ['| # | ★ | scenario | proven by | measured | |', '|---|---|---|---|---|---|'];
    return [...head, ...results.map(row)].join('\n');
}
