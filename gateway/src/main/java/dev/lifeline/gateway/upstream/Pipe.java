package dev.lifeline.gateway.upstream;

import dev.lifeline.gateway.client.Complaints;
import dev.lifeline.gateway.client.Silence;
import dev.lifeline.gateway.rpc.Message;
import dev.lifeline.gateway.session.Ending;
import dev.lifeline.gateway.session.Inbound;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What comes out of a conversation that has one stream for everything, sorted: answers to those who asked, progress to
 * those who asked for it, all else to who listens. Lives on its link's context, and ends once.
 */
final class Pipe {

    /** Messages kept for somebody who will listen; of more, the oldest are dropped. */
    static final int MOST_EARLY = 64;

    private static final String PROGRESS = "notifications/progress";

    private record Waiting(Message request, Inbound inbound, Silence silence) {}

    private record Early(Message message, String eventId) {}

    private final Vertx vertx;
    private final Duration patience;
    private final Complaints complaints;
    private final Map<String, Waiting> waiting = new HashMap<>();
    private final Map<String, Waiting> tokens = new HashMap<>();
    private final Deque<Early> early = new ArrayDeque<>();
    private Inbound listener;
    private boolean over;

    /** @param patience how long an answer is waited for while nothing is heard of it */
    Pipe(Vertx vertx, Duration patience, Complaints complaints) {
        this.vertx = vertx;
        this.patience = patience;
        this.complaints = complaints;
    }

    boolean isOver() {
        return over;
    }

    /** Somebody waits for the answer to this request. */
    void expect(Message request, Inbound inbound) {
        Silence silence = new Silence(vertx, patience, () -> failed(request.id(), Ending.LOST));
        Waiting one = new Waiting(request, inbound, silence);
        Waiting before = waiting.put(request.id(), one);
        if (before != null) {
            before.silence().stop();
        }
        if (request.details().progressToken() != null) {
            tokens.put(request.details().progressToken(), one);
        }
    }

    /** The future tells when the message is kept. */
    Future<Void> arrived(Message message, String eventId) {
        if (over) {
            return Future.succeededFuture();
        }
        if (message.isAnswer()) {
            return answered(message, eventId);
        }
        Waiting asked = PROGRESS.equals(message.method())
                ? tokens.get(Objects.toString(message.details().progressToken()))
                : null;
        if (asked != null) {
            asked.silence().heard();
            return asked.inbound().received(message, eventId);
        }
        if (listener != null) {
            return listener.received(message, eventId);
        }
        keep(new Early(message, eventId));
        return Future.succeededFuture();
    }

    private Future<Void> answered(Message answer, String eventId) {
        Waiting asked = take(answer.id());
        if (asked == null) {
            // Nobody waits any more, or nobody ever did.
            return Future.succeededFuture();
        }
        Future<Void> kept = asked.inbound().received(answer, eventId);
        asked.inbound().ended(Ending.DONE);
        return kept;
    }

    private void keep(Early one) {
        if (early.size() == MOST_EARLY) {
            early.removeFirst();
            complaints.warn("an upstream says much before anybody listens; the oldest is dropped", "");
        }
        early.addLast(one);
    }

    private Waiting take(String id) {
        Waiting asked = waiting.remove(id);
        if (asked != null) {
            asked.silence().stop();
        }
        if (asked != null && asked.request().details().progressToken() != null) {
            tokens.remove(asked.request().details().progressToken(), asked);
        }
        return asked;
    }

    void position(String eventId) {
        if (listener != null) {
            listener.position(eventId);
        }
    }

    /** A request did not get through, or may not have. */
    void failed(String id, Ending ending) {
        Waiting asked = take(id);
        if (asked != null) {
            asked.inbound().ended(ending);
        }
    }

    /** Nobody waits for this any more. */
    void forget(String id) {
        take(id);
    }

    void listen(Inbound inbound) {
        listener = inbound;
        while (!early.isEmpty()) {
            Early next = early.removeFirst();
            inbound.received(next.message(), next.eventId());
        }
        if (over) {
            inbound.ended(Ending.LOST);
        }
    }

    /** Nobody listens any more. */
    void deaf() {
        listener = null;
    }

    /** The conversation is over, and whoever waits hears so. */
    void end() {
        if (over) {
            return;
        }
        over = true;
        List<Waiting> all = new ArrayList<>(waiting.values());
        waiting.clear();
        tokens.clear();
        all.forEach(asked -> {
            asked.silence().stop();
            asked.inbound().ended(Ending.LOST);
        });
        if (listener != null) {
            listener.ended(Ending.LOST);
        }
    }
}
