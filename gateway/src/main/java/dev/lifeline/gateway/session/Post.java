package dev.lifeline.gateway.session;

import java.util.concurrent.atomic.AtomicInteger;

/** The requests of one POST that still wait for an outcome: the last outcome ends the stream they share. */
final class Post {

    private final String stream;
    private final boolean finite;
    private final AtomicInteger waiting;

    /**
     * What a POST brought.
     *
     * @param finite whether the stream is the POST's own, and not the session's
     */
    Post(String stream, boolean finite, int requests) {
        this.stream = stream;
        this.finite = finite;
        this.waiting = new AtomicInteger(requests);
    }

    String stream() {
        return stream;
    }

    /** The event type of the next outcome. */
    String outcome() {
        return waiting.decrementAndGet() == 0 && finite ? Sessions.LAST : Sessions.ANSWER;
    }
}
