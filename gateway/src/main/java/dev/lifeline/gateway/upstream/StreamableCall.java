package dev.lifeline.gateway.upstream;

import dev.lifeline.gateway.client.Comeback;
import dev.lifeline.gateway.client.Door;
import dev.lifeline.gateway.client.EventReader;
import dev.lifeline.gateway.client.Here;
import dev.lifeline.gateway.client.Repetitions;
import dev.lifeline.gateway.client.Sending;
import dev.lifeline.gateway.client.Throttle;
import dev.lifeline.gateway.fault.Fault;
import dev.lifeline.gateway.fault.Step;
import dev.lifeline.gateway.rpc.Message;
import dev.lifeline.gateway.rpc.RpcError;
import dev.lifeline.gateway.session.Ending;
import dev.lifeline.gateway.session.Inbound;
import dev.lifeline.gateway.session.LinkFailure;
import dev.lifeline.gateway.session.LinkState;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request on its way to its answer: the POST, what it is answered with, and where that is a stream that breaks off,
 * the GETs that go on with it. Lives on the context it was made on.
 *
 * <pre>
 *   POST ─┬─ JSON ───────────────────────────────> answer
 *         ├─ stream ──> events … ──> answer
 *         │              └─ breaks off ──> GET after the last event id, again and again
 *         └─ accepted ──> answer on the standing stream
 * </pre>
 */
final class StreamableCall implements MessageStream {

    private static final Logger LOG = LoggerFactory.getLogger(StreamableCall.class);
    private static final int OK = 200;

    private final StreamableLink link;
    private final Context context;
    private final String id;
    private final Inbound inbound;
    private final Promise<Void> taken = Promise.promise();
    private final Throttle throttle;
    private final Comeback comeback;
    private final Repetitions repetitions;

    private LinkState state;
    private boolean opening;
    private Sending sending;
    private EventReader reader;
    private String lastEventId;
    private long waiting = -1;
    private boolean over;

    StreamableCall(StreamableLink link, LinkState state, String id, Inbound inbound) {
        this.link = link;
        this.context = link.vertx().getOrCreateContext();
        this.state = state;
        this.id = id;
        this.inbound = inbound;
        this.throttle = new Throttle(context);
        this.repetitions = new Repetitions(link.terms().metrics());
        this.comeback = link.terms().comeback(link.vertx());
    }

    String id() {
        return id;
    }

    /** The state as the answer to {@code initialize} left it. */
    LinkState state() {
        return state;
    }

    Future<Void> post(Message request) {
        opening = !state.isOpen();
        Here.run(context, () -> {
            Buffer body = Buffer.buffer(request.text());
            sending = link.door().post(link.place(state), link.messageHeaders(state, request), body);
            sending.go().onSuccess(this::answered).onFailure(this::failed);
        });
        return taken.future();
    }

    void resume(String after) {
        lastEventId = after;
        Here.run(context, () -> {
            if (after == null) {
                end(Ending.LOST, "there is no event to go on after");
            } else {
                goOn();
            }
        });
    }

    /** Ends it without another word. */
    void abandon() {
        Here.run(context, () -> {
            over = true;
            comeback.stop();
            link.vertx().cancelTimer(waiting);
            if (sending != null) {
                sending.cancel();
            }
            taken.tryFail(new LinkFailure(Ending.LOST, "given up"));
        });
    }

    /** Ends it as lost. */
    void lose() {
        Here.run(context, () -> end(Ending.LOST, "the session was closed"));
    }

    /** Takes what belongs to it and came another way. */
    Future<Void> take(Message message, String eventId) {
        Promise<Void> kept = Promise.promise();
        Here.run(context, () -> {
            if (over) {
                kept.complete();
            } else {
                hand(message, eventId, kept);
                end(Ending.DONE, null);
            }
        });
        return kept.future();
    }

    private void answered(HttpClientResponse response) {
        if (over) {
            sending.cancel();
            return;
        }
        if (Fault.at(Step.SENT)) {
            failed(new LinkFailure(Ending.LOST, Fault.WORD));
            return;
        }
        if (opening) {
            state = link.said(response, sending.place());
        }
        int status = response.statusCode();
        if (status / 100 != 2) {
            refused(response);
            return;
        }
        taken.tryComplete();
        if (status == OK && EventReader.isStream(response)) {
            read(response);
        } else if (status == OK) {
            WholeBody.of(
                            link.vertx(),
                            response,
                            link.terms().room().messageBytes(),
                            link.terms().waits().answering())
                    .onSuccess(this::whole)
                    .onFailure(this::failed);
        } else {
            response.resume();
            waiting = link.vertx()
                    .setTimer(
                            link.terms().waits().answering().toMillis(),
                            late -> end(Ending.LOST, "accepted, and never answered"));
        }
    }

    private void refused(HttpClientResponse response) {
        boolean inSession = state.upstreamSession() != null && !opening;
        Refusal.read(link.vertx(), response, link.terms(), inSession).onSuccess(refusal -> {
            if (over) {
                return;
            }
            if (refusal.ending() != Ending.FORGOTTEN && Refusal.answers(refusal.error(), id)) {
                taken.tryComplete();
                received(Refusal.as(refusal.error(), id), null);
            } else {
                end(refusal.ending(), refusal.why());
            }
        });
    }

    private void failed(Throwable failure) {
        LinkFailure known = (LinkFailure) failure;
        if (!over) {
            sending.cancel();
            end(known.ending(), known.getMessage());
        }
    }

    private void whole(Buffer body) {
        try {
            for (Message message : link.terms().reader().read(body).messages()) {
                received(message, null);
            }
        } catch (RpcError noMessage) {
            link.complaints().warn("an upstream answered with what is no JSON-RPC", body.toString());
        } catch (RuntimeException broken) {
            LOG.error("an upstream's answer could not be taken on", broken);
        }
        end(Ending.LOST, "the upstream's answer does not hold the answer");
    }

    private void read(HttpClientResponse response) {
        UpstreamTerms terms = link.terms();
        reader = new EventReader(
                link.vertx(),
                response,
                terms.room().messageBytes(),
                terms.waits().answering(),
                this);
        inbound.streams();
        reader.start();
        throttle.on(reader);
    }

    @Override
    public void said(String eventId, String type, String data) {
        lastEventId = eventId == null ? lastEventId : eventId;
        if (repetitions.has(eventId, type, data)) {
            return;
        }
        comeback.progressed();
        if (!MessageStream.isMessage(type)) {
            return;
        }
        try {
            received(link.terms().reader().readOne(data), eventId);
        } catch (RpcError noMessage) {
            link.complaints().warn("an upstream sent an event that is no JSON-RPC", data);
        }
    }

    private void received(Message message, String eventId) {
        if (over) {
            return;
        }
        if (Refusal.answers(message, id) && message.kind() == Message.Kind.ERROR) {
            hand(Refusal.as(message, id), eventId, null);
            end(Ending.DONE, null);
        } else if (message.isAnswer()) {
            if (id.equals(message.id())) {
                hand(message, eventId, null);
                end(Ending.DONE, null);
            }
        } else {
            hand(message, eventId, null);
        }
    }

    private void hand(Message message, String eventId, Promise<Void> kept) {
        Future<Void> keeping = inbound.received(message, eventId);
        throttle.watch(message.text().length(), keeping);
        if (kept != null) {
            keeping.onComplete(kept);
        }
    }

    @Override
    public void forget() {
        lastEventId = null;
    }

    @Override
    public void position(String eventId) {
        lastEventId = eventId;
        inbound.position(eventId);
    }

    @Override
    public void hint(long millis) {
        comeback.hint(millis);
    }

    @Override
    public void over(EventReader.End how) {
        throttle.on(null);
        if (how != EventReader.End.CLOSED) {
            sending.cancel();
        }
        if (lastEventId == null || how == EventReader.End.UNREADABLE) {
            end(Ending.LOST, "the upstream's answer broke off");
            return;
        }
        if (how == EventReader.End.CLOSED) {
            inbound.paused(comeback.pause());
        }
        again(null);
    }

    private void again(Duration named) {
        if (!over && !comeback.again(named, this::goOn)) {
            end(Ending.LOST, "the upstream's answer broke off and could not be taken up again");
        }
    }

    private void goOn() {
        MultiMap headers = link.headers(state).set(Door.LAST_EVENT_ID, Door.asHeader(lastEventId));
        sending = link.door()
                .attend(link.place(state), headers, link.terms().waits().answering());
        sending.go().onSuccess(this::resumed).onFailure(unreachable -> {
            comeback.failed();
            again(null);
        });
    }

    private void resumed(HttpClientResponse response) {
        int status = response.statusCode();
        if (over) {
            sending.cancel();
        } else if (status == OK && EventReader.isStream(response)) {
            comeback.succeeded();
            read(response);
        } else {
            comeback.failed();
            response.resume();
            if (Refusal.isPassing(status)) {
                again(Comeback.asked(response));
            } else {
                end(Ending.LOST, "the upstream's answer broke off, and it does not go on with it");
            }
        }
    }

    private void end(Ending ending, String why) {
        if (over) {
            return;
        }
        over = true;
        link.ended(this);
        comeback.stop();
        link.vertx().cancelTimer(waiting);
        if (ending == Ending.DONE) {
            taken.tryComplete();
        } else {
            taken.tryFail(new LinkFailure(ending, why));
        }
        if (reader != null) {
            reader.leave(sending);
        }
        inbound.ended(ending);
    }
}
