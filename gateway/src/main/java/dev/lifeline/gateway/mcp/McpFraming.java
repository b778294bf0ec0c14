package dev.lifeline.gateway.mcp;

import dev.lifeline.event.Cursor;
import dev.lifeline.event.Event;
import dev.lifeline.gateway.session.Sessions;
import dev.lifeline.gateway.stream.Framing;
import dev.lifeline.wire.SseEncoder;

/**
 * The one form every MCP client in use reads: {@code id}, {@code event: message}, one {@code data} line. What kind of
 * message it is, only the stream knows.
 */
class McpFraming implements Framing {

    private final String place;

    McpFraming(String place) {
        this.place = place;
    }

    @Override
    public byte[] encode(Cursor at, Event event) {
        return SseEncoder.named(new EventId(place, at).toString(), Event.message(event.data()));
    }

    @Override
    public boolean isLast(Event event) {
        return event.type().equals(Sessions.LAST);
    }
}
