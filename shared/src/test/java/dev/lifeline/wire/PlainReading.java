package dev.lifeline.wire;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/**
 * A whole stream read the way the specification's prose has it: decode everything, split into lines, look at each. Slow,
 * unbounded and obvious: what {@link SseParser} is held against on streams nobody thought of.
 */
final class PlainReading {

    private static final BigInteger CAP = BigInteger.valueOf(Integer.MAX_VALUE);

    private final List<Fact> facts = new ArrayList<>();
    private final StringBuilder data = new StringBuilder();
    private String type = "";
    private String id = "";
    private String lastEventId = "";

    private PlainReading() {}

    /** What the stream tells, comments left out. */
    static List<Fact> read(byte[] stream) {
        String text = PlainDecoding.decode(stream);
        String unmarked = text.startsWith("\uFEFF") ? text.substring(1) : text;
        // Each line keeps its end, to tell a last line that has none.
        PlainReading reading = new PlainReading();
        for (String line : unmarked.split("(?<=\n)|(?<=\r)(?!\n)")) {
            if (line.endsWith("\n") || line.endsWith("\r")) {
                reading.line(line.replaceAll("[\r\n]+$", ""));
            }
        }
        return reading.facts;
    }

    private void line(String line) {
        int colon = line.indexOf(':');
        if (line.isEmpty()) {
            dispatch();
        } else if (colon < 0) {
            field(line, "");
        } else if (colon > 0) {
            String value = line.substring(colon + 1);
            field(line.substring(0, colon), value.startsWith(" ") ? value.substring(1) : value);
        }
    }

    private void field(String name, String value) {
        switch (name) {
            case "data" -> data.append(value).append('\n');
            case "event" -> type = value;
            case "id" -> id = value.indexOf(0) < 0 ? value : id;
            case "retry" -> {
                if (value.matches("[0-9]+")) {
                    facts.add(new Fact.Wait(new BigInteger(value).min(CAP).longValue()));
                }
            }
            default -> {}
        }
    }

    private void dispatch() {
        if (data.length() > 0) {
            String named = type.isEmpty() ? "message" : type;
            facts.add(new Fact.Arrived(id, named, data.substring(0, data.length() - 1)));
        } else if (!id.equals(lastEventId)) {
            facts.add(new Fact.Moved(id));
        }
        lastEventId = id;
        data.setLength(0);
        type = "";
    }
}
