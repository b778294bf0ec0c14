package dev.lifeline.retry;

import java.time.Duration;
import java.util.Optional;

/** What a failure to connect, or to stay connected, says about trying again. */
public enum FailureClass {
    /** The network, or a server in trouble: again, with growing delays. */
    PASSING(true),
    /** The server has had too much: again, not before the time it names. */
    THROTTLED(true),
    /** The server does not want this request, however often it comes. */
    REFUSED(false),
    /** What came is no event stream, or breaks its bounds: it would again. */
    UNREADABLE(false);

    private static final int TOO_MANY_REQUESTS = 429;
    private static final int SERVER_ERROR = 500;
    private static final int REDIRECTION = 300;
    private static final int MOST_DIGITS = 9;

    private final boolean retried;

    FailureClass(boolean retried) {
        this.retried = retried;
    }

    public boolean isRetried() {
        return retried;
    }

    /** What the status of an answer without a stream means; a redirection that nobody follows is a refusal. */
    public static FailureClass ofStatus(int status) {
        if (status == TOO_MANY_REQUESTS) {
            return THROTTLED;
        }
        if (status >= SERVER_ERROR) {
            return PASSING;
        }
        return status >= REDIRECTION ? REFUSED : UNREADABLE;
    }

    /** The time a {@code Retry-After} in seconds names. One in the form of a date depends on a clock, and is not read. */
    public static Optional<Duration> retryAfter(String header) {
        String seconds = header == null ? "" : header.strip();
        boolean number = !seconds.isEmpty() && seconds.chars().allMatch(c -> c >= '0' && c <= '9');
        if (!number) {
            return Optional.empty();
        }
        long named = seconds.length() > MOST_DIGITS ? Long.MAX_VALUE : Long.parseLong(seconds);
        return Optional.of(Duration.ofSeconds(Math.min(named, ReconnectPolicy.LONGEST_NAMED.toSeconds())));
    }
}
