package dev.lifeline.gateway.mcp;

import dev.lifeline.event.Cursor;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What an event of a session is known by to its client: whose stream it is of, and where in it.
 *
 * @param place on the legacy stream the session; at the Streamable door the POST that the stream answers, or {@link
 *     #OWN}
 */
record EventId(String place, Cursor cursor) {

    /** The place of a Streamable session's own stream. */
    static final String OWN = "0";

    private static final int LONGEST = 200;
    private static final Pattern PLACE = Pattern.compile("[!-~]+");

    /** Reads what {@link #toString()} printed; anything else is no id of ours. */
    static Optional<EventId> parse(String text) {
        int dot = text == null ? -1 : text.lastIndexOf('.');
        if (dot < 1 || text.length() > LONGEST) {
            return Optional.empty();
        }
        String place = text.substring(0, dot);
        return PLACE.matcher(place).matches()
                ? Cursor.parse(text.substring(dot + 1)).map(cursor -> new EventId(place, cursor))
                : Optional.empty();
    }

    @Override
    public String toString() {
        return place + "." + cursor;
    }
}
