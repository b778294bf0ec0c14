package dev.lifeline.gateway.client;

import dev.lifeline.retry.ReconnectPolicy;
import dev.lifeline.retry.RetryBudget;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * What an {@link EventSource} goes by. Prints neither the values of headers nor a query, where a token may stand.
 *
 * @param headers said in every request; names in any case
 * @param lastEventId where to begin; empty for wherever the server begins
 * @param retries when a lost stream is asked for again
 * @param times how long the server is waited for
 * @param maxEventBytes the most data an event may have
 */
public record EventSourceOptions(
        URI url, Map<String, String> headers, String lastEventId, Retries retries, Times times, int maxEventBytes) {

    private static final int MAX_EVENT_BYTES = 16 << 20;

    /**
     * When a lost stream is asked for again.
     *
     * @param budget how many times more in a row than the policy has; 0 for none
     * @param perToken in which time one of those comes back
     */
    public record Retries(ReconnectPolicy policy, int budget, Duration perToken) {

        public static final Retries DEFAULT = new Retries(ReconnectPolicy.CLIENT, 0, Duration.ZERO);

        RetryBudget full() {
            return budget == 0 ? null : new RetryBudget(budget, perToken, System.nanoTime());
        }
    }

    /**
     * How long the server is waited for.
     *
     * @param connecting until there is a connection
     * @param idle without a byte, after which the stream is taken for dead
     */
    public record Times(Duration connecting, Duration idle) {

        public static final Times DEFAULT = new Times(Duration.ofSeconds(5), Duration.ofSeconds(90));
    }

    public EventSourceOptions {
        Map<String, String> byName = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        byName.putAll(headers);
        headers = byName;
        Objects.requireNonNull(lastEventId, "lastEventId");
    }

    /** A stream, with what is right for most: it is tried for as long as it is wanted. */
    public static EventSourceOptions of(URI url) {
        return new EventSourceOptions(url, Map.of(), "", Retries.DEFAULT, Times.DEFAULT, MAX_EVENT_BYTES);
    }

    public EventSourceOptions header(String name, String value) {
        Map<String, String> more = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        more.putAll(headers);
        more.put(name, value);
        return new EventSourceOptions(url, more, lastEventId, retries, times, maxEventBytes);
    }

    /** Proves who is asking by a bearer token. */
    public EventSourceOptions token(String token) {
        return header("Authorization", "Bearer " + token);
    }

    /** Begins right after an event seen before. */
    public EventSourceOptions after(String id) {
        return new EventSourceOptions(url, headers, id, retries, times, maxEventBytes);
    }

    public EventSourceOptions retrying(ReconnectPolicy policy) {
        return retrying(new Retries(policy, 0, Duration.ZERO));
    }

    public EventSourceOptions retrying(Retries when) {
        return new EventSourceOptions(url, headers, lastEventId, when, times, maxEventBytes);
    }

    public EventSourceOptions idleAfter(Duration silence) {
        return waiting(new Times(times.connecting(), silence));
    }

    public EventSourceOptions waiting(Times howLong) {
        return new EventSourceOptions(url, headers, lastEventId, retries, howLong, maxEventBytes);
    }

    public EventSourceOptions maxEvent(int bytes) {
        return new EventSourceOptions(url, headers, lastEventId, retries, times, bytes);
    }

    @Override
    public String toString() {
        return "EventSourceOptions[" + url.getScheme() + "://" + url.getRawAuthority() + url.getRawPath() + "]";
    }
}
