package dev.lifeline.gateway.mcp;

import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;

/** The POSTs of one node that wait for their answers, by their streams. For every thread. */
public final class PostReplies {

    private final ConcurrentHashMap<String, PostReply> waiting = new ConcurrentHashMap<>();

    /** What is to come on this stream is a stream already at the upstream: its client need not wait to get one. */
    public void stream(String stream) {
        PostReply reply = waiting.get(stream);
        if (reply != null) {
            reply.stream();
        }
    }

    /**
     * The answer on this stream will take its time: a client that can is told to ask for it later, instead of holding a
     * connection open. Does nothing where nobody waits for it here.
     */
    public void pause(String stream, long retryMillis) {
        PostReply reply = waiting.get(stream);
        if (reply != null) {
            reply.pause(Duration.ofMillis(retryMillis));
        }
    }

    public int size() {
        return waiting.size();
    }

    void add(String stream, PostReply reply) {
        waiting.put(stream, reply);
    }

    void remove(String stream) {
        waiting.remove(stream);
    }
}
