package dev.lifeline.gateway.cluster;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;

/** Says the same thing at most once a minute: what others send us, or fail to take, must not fill the disk. */
final class SeldomLog {

    private static final long INTERVAL = TimeUnit.MINUTES.toNanos(1);

    private final AtomicLong next = new AtomicLong(System.nanoTime());
    private final Logger log;

    SeldomLog(Logger log) {
        this.log = log;
    }

    /**
     * Warns, or keeps quiet.
     *
     * @param about what makes it the case: its text is logged, never a stack trace; or null
     */
    void warn(String what, Object about) {
        long now = System.nanoTime();
        long due = next.get();
        if (now - due >= 0 && next.compareAndSet(due, now + INTERVAL)) {
            log.atWarn().addKeyValue("about", about).log(what);
        }
    }
}
