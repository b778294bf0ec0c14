package dev.lifeline.wire;

import dev.lifeline.event.Event;

/**
 * What is known of the event being read, until the blank line that ends it. Knows nothing of lines and chunks: the
 * {@link SseParser} cuts those.
 */
final class Block {

    /** How much of a comment is shown: enough for a heartbeat's timestamp, too little to be worth an attack. */
    private static final int COMMENT_SHOWN = 256;

    /** Waits are capped at what a browser's timer can hold, some 25 days; nobody means more. */
    private static final long LONGEST_RETRY = Integer.MAX_VALUE;

    private final SseParser.Sink sink;
    private final Bounds bounds;

    /** The field being read. */
    private final Bytes value;

    private int skipped;

    /** The block being read: thrown away at its end, but for the id, which stands until the stream sets another. */
    private final Bytes data;

    private boolean hasData;
    private String type = "";
    private String id = "";
    private boolean named;

    /** The stream: what the last complete block left behind. */
    private String lastEventId = "";

    Block(Bounds bounds, SseParser.Sink sink) {
        this.bounds = bounds;
        this.sink = sink;
        this.value = new Bytes("label", bounds.label());
        this.data = new Bytes("data", bounds.data());
    }

    /** A line's name is known; its value follows, in any number of pieces, and then its end. */
    void begin(Field field) {
        skipped = 0;
        if (field == Field.DATA) {
            if (hasData) {
                data.append(LineEnd.LF);
            }
            hasData = true;
        }
    }

    void append(Field field, byte[] bytes, int from, int to) {
        switch (field) {
            case DATA -> data.append(bytes, from, to);
            case EVENT, ID, RETRY -> value.append(bytes, from, to);
            case COMMENT -> {
                skip(to - from);
                int room = Math.min(COMMENT_SHOWN, bounds.label()) - value.length();
                value.append(bytes, from, Math.min(to, from + room));
            }
            default -> skip(to - from);
        }
    }

    void end(Field field) {
        switch (field) {
            case EVENT -> type = value.take();
            case ID -> name();
            case RETRY -> retry();
            case COMMENT -> sink.comment(value.take());
            default -> {}
        }
        value.clear();
    }

    /** The blank line: the id counts from here on, whether or not an event comes of it. */
    void dispatch() {
        boolean moved = !id.equals(lastEventId);
        lastEventId = id;
        String kind = type.isEmpty() ? Event.MESSAGE : type;
        type = "";
        boolean own = named;
        named = false;
        if (hasData) {
            hasData = false;
            if (own) {
                sink.named();
            }
            sink.event(lastEventId, kind, data.take());
        } else if (moved) {
            sink.position(lastEventId);
        }
    }

    private void name() {
        if (!value.contains((byte) 0)) {
            id = value.take();
            named = true;
        }
    }

    /** Forgets what no blank line has ended, its id too. */
    void discard() {
        resume(lastEventId);
    }

    /** Stands as if a stream before had ended at this id. */
    void resume(String lastId) {
        value.clear();
        data.clear();
        hasData = false;
        named = false;
        type = "";
        id = lastId;
        lastEventId = lastId;
    }

    String lastEventId() {
        return lastEventId;
    }

    private void skip(int count) {
        if (count > bounds.skipped() - skipped) {
            throw new SseLimitException("skipped", bounds.skipped());
        }
        skipped += count;
    }

    private void retry() {
        long millis = 0;
        for (int i = 0; i < value.length(); i++) {
            int digit = value.at(i) - '0';
            if (digit < 0 || digit > 9) {
                return;
            }
            millis = Math.min(LONGEST_RETRY, millis * 10 + digit);
        }
        if (value.length() > 0) {
            sink.retry(millis);
        }
    }
}
