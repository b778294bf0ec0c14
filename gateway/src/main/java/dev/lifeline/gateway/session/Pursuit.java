package dev.lifeline.gateway.session;

import dev.lifeline.event.Event;
import dev.lifeline.gateway.rpc.Message;
import dev.lifeline.gateway.rpc.RpcError;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One exchange that this node pursues: its request is put to the upstream until it has an outcome, which is published
 * once. Whatever comes on the way there is published beside it.
 */
final class Pursuit {

    private static final Logger LOG = LoggerFactory.getLogger(Pursuit.class);

    private final Conversation conversation;
    private final Exchange exchange;
    private final Message request;
    private final boolean repeatable;
    private final Post post;
    private final Progress progress = new Progress();
    private final long since;

    // Guarded by this.
    private Attempt current;
    private final Map<Ending, Integer> endings = new EnumMap<>(Ending.class);
    private boolean over;

    /**
     * A pursuit, not begun.
     *
     * @param request null when it was taken over and may not be sent again
     */
    Pursuit(Conversation conversation, Exchange exchange, Message request, boolean repeatable, Post post) {
        this.conversation = conversation;
        this.since = conversation.nanos();
        this.exchange = exchange;
        this.request = request;
        this.repeatable = repeatable;
        this.post = post;
    }

    Duration age() {
        return Duration.ofNanos(conversation.nanos() - since);
    }

    Exchange exchange() {
        return exchange;
    }

    String stream() {
        return post.stream();
    }

    /** Puts the request to the upstream. */
    void begin() {
        Attempt attempt = next();
        if (attempt == null) {
            return;
        }
        conversation
                .hold()
                .ready()
                .onSuccess(link -> link.request(request, attempt))
                .onFailure(failure -> attempt.ended(endingOf(failure)));
    }

    /** Goes on where a dead node stopped. */
    void goOn() {
        if (exchange.upstreamEventId() == null) {
            if (repeatable && request != null) {
                begin();
            } else {
                outcome(
                        RpcError.MAY_HAVE_RUN,
                        "the node that waited for the answer is gone; the request may have been" + " carried out");
            }
            return;
        }
        Attempt attempt = next();
        conversation
                .hold()
                .ready()
                .onSuccess(link -> link.resume(exchange.id(), exchange.upstreamEventId(), attempt))
                .onFailure(failure -> attempt.ended(Ending.LOST));
    }

    private synchronized Attempt next() {
        if (over) {
            return null;
        }
        current = new Attempt(conversation.hold().state().generation());
        return current;
    }

    private static Ending endingOf(Throwable failure) {
        return failure instanceof LinkFailure known ? known.ending() : Ending.NOT_SENT;
    }

    /** One try. What an older one still says is no longer heard. */
    private final class Attempt implements Inbound {

        private final long generation;

        Attempt(long generation) {
            this.generation = generation;
        }

        @Override
        public Future<Void> received(Message message, String eventId) {
            if (!isCurrent()) {
                return Future.succeededFuture();
            }
            if (message.isAnswer() && exchange.id().equals(message.id())) {
                return answered(message);
            }
            Future<Void> kept = progress.isNews(message)
                    ? conversation.fromUpstream(message, post.stream(), eventId)
                    : Future.succeededFuture();
            return eventId == null ? kept : kept.onSuccess(landed -> position(eventId));
        }

        @Override
        public void position(String eventId) {
            conversation.heard(exchange, eventId);
        }

        @Override
        public void paused(long retryMillis) {
            conversation.replies().paused(post.stream(), retryMillis);
        }

        @Override
        public void streams() {
            if (isCurrent()) {
                conversation.replies().streams(post.stream());
            }
        }

        @Override
        public void ended(Ending ending) {
            if (isCurrent()) {
                settle(ending, generation);
            }
        }

        private boolean isCurrent() {
            synchronized (Pursuit.this) {
                return !over && current == this;
            }
        }
    }

    private void settle(Ending ending, long generation) {
        Settlement.Verdict verdict;
        int times;
        synchronized (this) {
            current = null;
            times = endings.merge(ending, 1, Integer::sum);
            verdict = conversation.settlement().after(ending, repeatable && request != null, times, age());
        }
        switch (verdict) {
            case RENEW ->
                conversation
                        .hold()
                        .renew(generation)
                        .onSuccess(renewed -> begin())
                        .onFailure(failure -> settle(endingOf(failure), generation));
            case LATER -> conversation.later(times, this::begin);
            case NOT_RUN ->
                outcome(
                        RpcError.NOT_RUN,
                        ending == Ending.REFUSED
                                ? "the upstream refused the request"
                                : "the upstream cannot be reached; the request was not carried out");
            case MAY_HAVE_RUN ->
                outcome(
                        RpcError.MAY_HAVE_RUN,
                        "the connection to the upstream was lost; the request may have been" + " carried out");
        }
    }

    private Future<Void> answered(Message answer) {
        if (!finish()) {
            return Future.succeededFuture();
        }
        return conversation.answered(request, answer).compose(noted -> publish(answer.text(), "answered"));
    }

    private void outcome(int code, String why) {
        if (finish()) {
            report(code);
            publish(
                    RpcError.answer(exchange.id(), code, why, null),
                    code == RpcError.NOT_RUN ? "not_run" : "may_have_run");
        }
    }

    private void report(int code) {
        LOG.atInfo()
                .addKeyValue(
                        "request_id", request == null ? null : request.trace().requestId())
                .addKeyValue("upstream", conversation.session().upstream())
                .addKeyValue("code", code)
                .log("a request has ended without its answer");
    }

    /** The client does not want it any more. A POST's own stream is ended with a word; on the session's it would be noise. */
    void cancel() {
        if (!finish()) {
            return;
        }
        conversation.hold().forget(exchange.id());
        String type = post.outcome();
        if (stream().equals(Session.stream(conversation.id()))) {
            conversation.settled(this, "cancelled");
        } else {
            String text = RpcError.answer(exchange.id(), RpcError.CANCELLED, "cancelled by the client", null);
            conversation.land(this, new Event(type, text), "cancelled");
        }
    }

    /** Its session is over: nobody is there to hear an outcome. */
    void drop() {
        if (finish()) {
            conversation.hold().forget(exchange.id());
        }
    }

    private synchronized boolean finish() {
        boolean first = !over;
        over = true;
        return first;
    }

    private Future<Void> publish(String text, String how) {
        return conversation.land(this, new Event(post.outcome(), text), how);
    }
}
