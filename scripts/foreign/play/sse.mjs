// Events of a fetched body, one after another. Throws where the connection breaks, ends where the stream was ended.

export async function* events(body) {
  const decoder = new TextDecoder();
  let rest = '';
  let event = {};
  for await (const chunk of body) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop();
    for (const line of lines.map((text) => text.replace(/\r$/, ''))) {
      if (line === '') {
        if (Object.keys(event).length > 0) {
          yield event;
        }
        event = {};
      } else if (!line.startsWith(':')) {
        const [, field, value] = /^([^:]*):? ?(.*)$/.exec(line);
        event[field] = field === 'data' && event.data !== undefined ? `${event.data}\n${value}` : value;
      }
    }
  }
}
