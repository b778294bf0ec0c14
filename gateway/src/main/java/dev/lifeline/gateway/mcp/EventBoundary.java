package dev.lifeline.gateway.mcp;

import io.vertx.core.buffer.Buffer;

/** Whether an event stream that passes by stands between two events, where a comment does no harm. */
final class EventBoundary {

    private boolean lineEmpty = true;
    private boolean between = true;
    private boolean afterCr;

    void pass(Buffer bytes) {
        for (int i = 0; i < bytes.length(); i++) {
            pass(bytes.getByte(i));
        }
    }

    private void pass(byte b) {
        if (b == '\n' && afterCr) {
            afterCr = false;
            return;
        }
        afterCr = b == '\r';
        if (b == '\n' || b == '\r') {
            between = lineEmpty;
            lineEmpty = true;
        } else {
            lineEmpty = false;
            between = false;
        }
    }

    /** A CR may be half of a line end, so nothing goes after it either. */
    boolean isBetween() {
        return between && !afterCr;
    }
}
