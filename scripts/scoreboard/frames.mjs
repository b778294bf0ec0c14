// The events of a fetched body, one after another: { id, event, data, retry }, and { comment } where one was seen. Throws
// where the connection broke, ends where the stream was ended.

export async function* frames(body) {
    const decoder = new TextDecoder();
    let rest = '';
    let frame = {};
    for await (const chunk of body) {
        const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
        rest = lines.pop();
        for (const line of lines.map((text) => text.replace(/\r$/, ''))) {
            if (line.startsWith(':')) {
                yield { comment: line.slice(1).trim() };
            } else if (line !== '') {
                take(frame, line);
            } else if (Object.keys(frame).length > 0) {
                yield frame;
                frame = {};
            }
        }
    }
}

function take(frame, line) {
    const [, field, value] = /^([^:]*):? ?(.*)$/.exec(line);
    frame[field] = field === 'data' && frame.data !== undefined ? `${frame.data}\n${value}` : value;
}
