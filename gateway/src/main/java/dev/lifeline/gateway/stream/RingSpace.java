package dev.lifeline.gateway.stream;

import java.util.concurrent.atomic.AtomicLong;

/** What all rings of a node take together, and whether that is too much. Then each makes do with little. */
final class RingSpace {

    private final AtomicLong used = new AtomicLong();
    private final long most;

    RingSpace(long most) {
        this.most = most;
    }

    void take(long bytes) {
        used.addAndGet(bytes);
    }

    void giveBack(long bytes) {
        used.addAndGet(-bytes);
    }

    long used() {
        return used.get();
    }

    boolean isShort() {
        return used.get() > most;
    }
}
