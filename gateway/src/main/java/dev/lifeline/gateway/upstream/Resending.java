package dev.lifeline.gateway.upstream;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Recognises what a server sends again under new ids: right after it was asked to go on, from some event on that it had
 * sent before, in the same order. One that stands out among the last ones begins such a run or goes on with it; what says
 * only that something has changed is never taken for a repetition, because it may have changed again.
 */
final class Resending {

    private static final int REMEMBERED = 32;
    private static final long AT_ONCE = TimeUnit.SECONDS.toNanos(1);
    private static final int BEGIN = -1;
    private static final int OVER = -2;

    private final List<Print> said = new ArrayList<>();
    private int next = OVER;
    private long since;

    /** What is kept of an event. */
    private record Print(int length, int hash) {

        static Print of(String data) {
            return new Print(data.length(), data.hashCode());
        }
    }

    /** The server was asked to go on after the last event. */
    void asked(long now) {
        next = BEGIN;
        since = now;
    }

    /**
     * Whether an event came before, under whatever id.
     *
     * @param known whether it is known by its id
     */
    boolean has(boolean known, String data, long now) {
        Print print = Print.of(data);
        int place = place(print, known, now);
        if (place < 0) {
            next = OVER;
            if (!known) {
                remember(print);
            }
            return known;
        }
        next = place + 1 == said.size() ? OVER : place + 1;
        return known || !isSignal(data);
    }

    private int place(Print print, boolean known, long now) {
        if (next == OVER || now - since > AT_ONCE) {
            return -1;
        }
        if (next >= 0 && said.get(next).equals(print)) {
            return next;
        }
        int last = said.lastIndexOf(print);
        return known || next == BEGIN && last == said.indexOf(print) ? last : -1;
    }

    private void remember(Print print) {
        if (said.size() == REMEMBERED) {
            said.remove(0);
        }
        said.add(print);
    }

    private static boolean isSignal(String data) {
        return data.contains("/list_changed\"") || data.contains("/resources/updated\"");
    }
}
