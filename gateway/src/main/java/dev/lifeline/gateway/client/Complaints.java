package dev.lifeline.gateway.client;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;

/** What there is to say against another server, at most once a minute: what it sends must not fill the disk. */
public final class Complaints {

    private static final long INTERVAL = TimeUnit.MINUTES.toNanos(1);
    private static final int LONGEST = 200;

    private final AtomicLong next = new AtomicLong(System.nanoTime());
    private final Logger log;
    private final String upstream;

    public Complaints(Logger log, String upstream) {
        this.log = log;
        this.upstream = upstream;
    }

    /** Warns, or keeps quiet; of what it is about only the beginning is shown. */
    public void warn(String what, String about) {
        long now = System.nanoTime();
        long due = next.get();
        if (now - due >= 0 && next.compareAndSet(due, now + INTERVAL)) {
            log.atWarn()
                    .addKeyValue("upstream", upstream)
                    .addKeyValue("about", shown(about, LONGEST))
                    .log(what);
        }
    }

    /** Foreign text as it may stand in a log: no control characters, no great length. */
    public static String shown(String text, int longest) {
        String beginning = text.length() > longest ? text.substring(0, longest) + "…" : text;
        return beginning.replaceAll("\\p{Cntrl}", "?");
    }
}
