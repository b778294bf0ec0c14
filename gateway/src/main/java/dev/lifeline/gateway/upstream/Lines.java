package dev.lifeline.gateway.upstream;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;

/** Reads lines of bytes, each up to a bound. Blocks; used by a thread that does nothing else. */
final class Lines {

    /** What stands for a line that passed the bound; nothing of it is left. */
    static final byte[] TOO_LONG = {};

    private static final int CHUNK = 16 * 1024;

    private final InputStream in;
    private final int longest;
    private final byte[] chunk = new byte[CHUNK];
    private ByteArrayOutputStream line = new ByteArrayOutputStream();
    private int from;
    private int to;
    private boolean tooLong;

    Lines(InputStream in, int longest) {
        this.in = in;
        this.longest = longest;
    }

    /** The next line that is not empty, without its end; null when there is none. */
    byte[] next() throws IOException {
        while (to >= 0) {
            int end = from;
            while (end < to && chunk[end] != '\n') {
                end++;
            }
            add(end);
            if (end < to) {
                from = end + 1;
                byte[] read = take();
                if (read != null) {
                    return read;
                }
            } else {
                from = 0;
                to = in.read(chunk);
            }
        }
        return null;
    }

    private void add(int end) {
        if (line.size() + end - from > longest) {
            tooLong = true;
            line = new ByteArrayOutputStream();
        }
        if (!tooLong) {
            line.write(chunk, from, end - from);
        }
    }

    private byte[] take() {
        if (tooLong) {
            tooLong = false;
            return TOO_LONG;
        }
        byte[] read = line.toByteArray();
        if (read.length > CHUNK) {
            line = new ByteArrayOutputStream();
        } else {
            line.reset();
        }
        return read.length == 0 || (read.length == 1 && read[0] == '\r') ? null : read;
    }
}
