package dev.lifeline.gateway.session;

import dev.lifeline.gateway.rpc.MessageReader;
import dev.lifeline.gateway.stream.Hub;
import dev.lifeline.gateway.time.Time;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;

/**
 * What this node's sessions work with.
 *
 * @param node this node's name
 * @param upstreams by name
 */
public record Means(
        Time time,
        Tokens tokens,
        String node,
        SessionStore store,
        Hub hub,
        Courier courier,
        Map<String, Upstream> upstreams,
        SessionMetrics metrics,
        MessageReader reader,
        Replies replies,
        Settings settings) {

    /** Those who keep a POST's stream open on this node. */
    public interface Replies {

        /** The upstream answers with a stream, so the client may as well get one at once. */
        void streams(String stream);

        /** The upstream wants to be asked again later. */
        void paused(String stream, long retryMillis);
    }

    /**
     * What sessions go by.
     *
     * @param life of a session that nobody listens to, after its last request
     * @param requestLife if not zero, a session lives only so long after its last request, listened to or not
     * @param quietLife the same for quiet clients
     * @param quietClients names, in lower case, of clients that take everything for an answer
     * @param patience how long a request waits for an upstream that has not got it
     * @param pause before trying again for the nth time
     * @param mostExchanges of one session at a time
     */
    public record Settings(
            Duration life,
            Duration requestLife,
            Duration quietLife,
            Set<String> quietClients,
            Duration patience,
            IntFunction<Duration> pause,
            int mostExchanges) {

        /** How long a session lives without a sign of life. */
        Duration life(Session session) {
            Duration asked = isQuiet(session) ? quietLife : requestLife;
            return asked.isZero() ? life : asked;
        }

        /** Whether requests alone keep a session. */
        boolean livesByRequests(Session session) {
            return !(isQuiet(session) ? quietLife : requestLife).isZero();
        }

        boolean isQuiet(Session session) {
            String name = session.opening().clientName();
            return name != null && quietClients.contains(name.toLowerCase(java.util.Locale.ROOT));
        }
    }

    Upstream upstream(String name) {
        return upstreams.get(name);
    }

    /** Whoever is not known to be dead. */
    boolean isAlive(String other) {
        return node.equals(other) || !courier.isDead(other);
    }
}
