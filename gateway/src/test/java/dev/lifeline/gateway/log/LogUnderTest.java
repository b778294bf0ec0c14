package dev.lifeline.gateway.log;

import static dev.lifeline.gateway.redis.Facts.get;

import dev.lifeline.event.Cursor;
import dev.lifeline.event.Event;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;

/** A log of which nothing is known but that it is one, the words to talk to its stream {@code s}, and some sizes. */
abstract class LogUnderTest {

    static final String HERE = "here";
    static final Duration LONG = Duration.ofMinutes(5);
    static final Duration SHORT = Duration.ofMillis(150);
    static final int MANY = 1000;
    static final long LARGE = 64L * 1024 * 1024;

    Log log;

    abstract Log open(Retention retention);

    /** Checks what is so after some time: at once where time is a hand on a clock, else as soon as it becomes so. */
    abstract void after(Duration time, ThrowingCallable fact);

    @AfterEach
    void closeTheLog() {
        if (log != null) {
            get(log.close());
        }
    }

    static Retention keeping(int events) {
        return new Retention(events, LARGE, LONG, LONG, LONG);
    }

    final void logKeeping(int events) {
        log = open(keeping(events));
    }

    static List<Event> events(String... data) {
        return List.of(data).stream().map(Event::message).toList();
    }

    static List<String> data(Page page) {
        return page.events().stream().map(Event::data).toList();
    }

    final Appended append(String... data) {
        return get(log.append(new Append("s", events(data), null, null)));
    }

    final Appended appendUnder(String key, String... data) {
        return get(log.append(new Append("s", events(data), key, null)));
    }

    final Page read(Cursor after) {
        return get(log.read("s", after, MANY));
    }
}
