package dev.lifeline.gateway.fake;

import java.util.function.BiConsumer;

/** Takes the chunks off an HTTP/1.1 body, as strictly as a client may. */
final class Chunked {

    private final StringBuilder size = new StringBuilder();
    private final BiConsumer<byte[], int[]> body;
    private int left;
    private int afterChunk;
    private boolean ended;

    Chunked(BiConsumer<byte[], int[]> body) {
        this.body = body;
    }

    boolean ended() {
        return ended;
    }

    void feed(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to && !ended) {
            if (left > 0) {
                int taken = Math.min(left, to - at);
                body.accept(bytes, new int[] {at, taken});
                left -= taken;
                at += taken;
                afterChunk = left == 0 ? 2 : 0;
            } else if (afterChunk > 0) {
                expect(bytes[at++], afterChunk-- == 2 ? '\r' : '\n');
            } else if (bytes[at] == '\n') {
                at++;
                begin();
            } else {
                size.append((char) bytes[at++]);
            }
        }
    }

    private void begin() {
        left = Integer.parseInt(size.toString().strip(), 16);
        size.setLength(0);
        ended = left == 0;
    }

    private static void expect(byte is, char wanted) {
        if (is != wanted) {
            throw new IllegalStateException("a chunk ends with " + is);
        }
    }
}
