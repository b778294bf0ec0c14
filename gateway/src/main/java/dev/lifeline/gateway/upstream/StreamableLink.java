package dev.lifeline.gateway.upstream;

import dev.lifeline.gateway.client.Complaints;
import dev.lifeline.gateway.client.Door;
import dev.lifeline.gateway.client.Sending;
import dev.lifeline.gateway.rpc.Message;
import dev.lifeline.gateway.session.Inbound;
import dev.lifeline.gateway.session.Link;
import dev.lifeline.gateway.session.LinkFailure;
import dev.lifeline.gateway.session.LinkState;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A session's conversation over Streamable HTTP: a POST for each message, a stream or a body for each answer, and the
 * upstream's own stream.
 *
 * <p>{@link #release} lets go without a word to anybody, so that another node can {@link #resume}; {@link #close} ends
 * what is waiting.
 */
final class StreamableLink implements Link {

    private static final String SESSION = "Mcp-Session-Id";
    private static final String REVISION = "MCP-Protocol-Version";
    private static final String ACCEPTED = "application/json, text/event-stream";
    private static final Duration FAREWELL = Duration.ofSeconds(2);

    private final Vertx vertx;
    private final Door door;
    private final UpstreamTerms terms;
    private final Complaints complaints;
    private final Map<String, StreamableCall> calls = new ConcurrentHashMap<>();
    private final AtomicReference<StandingStream> standing = new AtomicReference<>();
    private volatile LinkState state;

    StreamableLink(Vertx vertx, Complaints complaints, Door door, UpstreamTerms terms, LinkState known) {
        this.vertx = vertx;
        this.door = door;
        this.terms = terms;
        this.complaints = complaints;
        this.state = known;
    }

    Vertx vertx() {
        return vertx;
    }

    Door door() {
        return door;
    }

    UpstreamTerms terms() {
        return terms;
    }

    Complaints complaints() {
        return complaints;
    }

    @Override
    public Future<Opened> open(Message initialize) {
        LinkState known = state;
        Greeting greeting = new Greeting(vertx, terms.waits().opening());
        StreamableCall call = new StreamableCall(this, LinkState.NONE, initialize.id(), greeting);
        call.post(initialize).onFailure(greeting::failed);
        return greeting.answer()
                .onFailure(failed -> {
                    call.abandon();
                    terms.metrics().openFailed(failed.getMessage());
                })
                .map(answer -> opened(answer, call, known));
    }

    private Opened opened(Message answer, StreamableCall call, LinkState known) {
        terms.metrics().opened();
        if (answer.kind() == Message.Kind.ERROR) {
            return new Opened(answer, LinkState.NONE);
        }
        LinkState said = call.state();
        state = new LinkState(
                known.generation() + 1,
                known.holder(),
                said.upstreamSession(),
                said.endpoint(),
                answer.details().protocolVersion(),
                null);
        return new Opened(answer, state);
    }

    @Override
    public Future<Void> request(Message request, Inbound inbound) {
        StreamableCall call = new StreamableCall(this, state, request.id(), inbound);
        calls.put(request.id(), call);
        return call.post(request);
    }

    @Override
    public void resume(String rpcId, String lastEventId, Inbound inbound) {
        StreamableCall call = new StreamableCall(this, state, rpcId, inbound);
        calls.put(rpcId, call);
        call.resume(lastEventId);
    }

    @Override
    public Future<Void> send(Message message) {
        LinkState now = state;
        Sending sending = door.post(place(now), messageHeaders(now, message), Buffer.buffer(message.text()));
        return sending.go().compose(response -> taken(response, now));
    }

    private Future<Void> taken(HttpClientResponse response, LinkState now) {
        if (response.statusCode() / 100 == 2) {
            response.resume();
            return Future.succeededFuture();
        }
        return Refusal.read(vertx, response, terms, now.upstreamSession() != null)
                .compose(refusal -> Future.failedFuture(new LinkFailure(refusal.ending(), refusal.why())));
    }

    @Override
    public void listen(String lastEventId, Inbound inbound) {
        StandingStream next = new StandingStream(this, state, lastEventId, inbound);
        StandingStream before = standing.getAndSet(next);
        if (before != null) {
            before.stop();
        }
        next.start();
    }

    @Override
    public void forget(String rpcId) {
        StreamableCall call = calls.remove(rpcId);
        if (call != null) {
            call.abandon();
        }
    }

    @Override
    public Future<Void> close() {
        LinkState last = state;
        calls.values().forEach(StreamableCall::lose);
        release();
        if (last.upstreamSession() == null) {
            return Future.succeededFuture();
        }
        Sending sending = door.delete(place(last), headers(last), FAREWELL);
        return sending.go()
                .map(HttpClientResponse::resume)
                .timeout(FAREWELL.toMillis(), TimeUnit.MILLISECONDS)
                .onFailure(late -> sending.cancel())
                .otherwiseEmpty()
                .mapEmpty();
    }

    @Override
    public void release() {
        StandingStream stream = standing.getAndSet(null);
        if (stream != null) {
            stream.stop();
        }
    }

    /** A call has come to its end. */
    void ended(StreamableCall call) {
        calls.remove(call.id(), call);
    }

    /** The call that waits for this answer, which came by the standing stream; null if none does here. */
    StreamableCall waitingFor(Message answer) {
        return answer.isAnswer() && answer.id() != null ? calls.get(answer.id()) : null;
    }

    /** Where messages go: the upstream's place, or the one it has moved to. */
    URI place(LinkState at) {
        URI named = at.endpoint() == null ? null : door.place(at.endpoint());
        return named == null ? door.url() : named;
    }

    /** Headers that say which conversation it is. */
    MultiMap headers(LinkState at) {
        MultiMap all = door.headers();
        if (at.upstreamSession() != null) {
            all.set(SESSION, at.upstreamSession());
        }
        if (at.revision() != null) {
            all.set(REVISION, at.revision());
        }
        return all;
    }

    MultiMap messageHeaders(LinkState at, Message message) {
        MultiMap all =
                headers(at).set(HttpHeaders.CONTENT_TYPE, "application/json").set(HttpHeaders.ACCEPT, ACCEPTED);
        message.trace().forEach(all::set);
        return all;
    }

    /** What the response to {@code initialize} says beside the answer. */
    LinkState said(HttpClientResponse response, URI place) {
        String moved = place.equals(door.url()) ? null : Door.path(place);
        return new LinkState(0, null, response.getHeader(SESSION), moved, null, null);
    }
}
