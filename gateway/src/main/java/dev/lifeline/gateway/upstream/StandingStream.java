package dev.lifeline.gateway.upstream;

import dev.lifeline.gateway.client.Comeback;
import dev.lifeline.gateway.client.Door;
import dev.lifeline.gateway.client.EventReader;
import dev.lifeline.gateway.client.Here;
import dev.lifeline.gateway.client.Repetitions;
import dev.lifeline.gateway.client.Sending;
import dev.lifeline.gateway.client.Throttle;
import dev.lifeline.gateway.rpc.Message;
import dev.lifeline.gateway.rpc.RpcError;
import dev.lifeline.gateway.session.Ending;
import dev.lifeline.gateway.session.Inbound;
import dev.lifeline.gateway.session.LinkState;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpClientResponse;
import java.time.Duration;

/**
 * What an upstream says of its own accord: a GET that is made again whenever it is lost. Lives on the context it was
 * made on.
 */
final class StandingStream implements MessageStream {

    private static final int OK = 200;
    private static final int BAD_REQUEST = 400;
    private static final int NOT_FOUND = 404;
    private static final int NO_SUCH_METHOD = 405;
    private static final int NOT_IMPLEMENTED = 501;

    private final StreamableLink link;
    private final LinkState state;
    private final Context context;
    private final Inbound inbound;
    private final Throttle throttle;
    private final Comeback comeback;
    private final Repetitions repetitions;
    private final Resending resending = new Resending();

    private String lastEventId;
    private Sending sending;
    private boolean again;
    private long since;
    private boolean over;

    StandingStream(StreamableLink link, LinkState state, String lastEventId, Inbound inbound) {
        this.link = link;
        this.state = state;
        this.context = link.vertx().getOrCreateContext();
        this.lastEventId = lastEventId;
        this.inbound = inbound;
        this.throttle = new Throttle(context);
        this.repetitions = new Repetitions(link.terms().metrics());
        this.comeback = link.terms()
                .comeback(link.vertx())
                .within(link.terms().retries().budget());
    }

    void start() {
        Here.run(context, this::connect);
    }

    /** Ends it without another word. */
    void stop() {
        Here.run(context, () -> {
            if (!over) {
                over = true;
                comeback.stop();
                sending.cancel();
                disconnected();
            }
        });
    }

    private void connect() {
        if (over) {
            return;
        }
        MultiMap headers = link.headers(state);
        if (lastEventId != null) {
            headers.set(Door.LAST_EVENT_ID, Door.asHeader(lastEventId));
        }
        sending = link.door()
                .attend(link.place(state), headers, link.terms().waits().idle());
        sending.go().onSuccess(this::answered).onFailure(this::unreachable);
    }

    private void unreachable(Throwable failure) {
        Refusal.tell(failure, link.complaints());
        retry(null);
    }

    private void answered(HttpClientResponse response) {
        int status = response.statusCode();
        if (over) {
            sending.cancel();
        } else if (status == OK && EventReader.isStream(response)) {
            read(response);
        } else {
            refused(status, response);
        }
    }

    private void read(HttpClientResponse response) {
        since = System.nanoTime();
        if (again) {
            comeback.succeeded();
            resending.asked(since);
        }
        EventReader reader = new EventReader(
                link.vertx(),
                response,
                link.terms().room().messageBytes(),
                link.terms().waits().idle(),
                this);
        reader.start();
        throttle.on(reader);
    }

    private void refused(int status, HttpClientResponse response) {
        boolean inSession = state.upstreamSession() != null;
        if (status == NO_SUCH_METHOD
                || status == NOT_IMPLEMENTED
                || status == OK
                || (status == NOT_FOUND && !inSession)) {
            // There is no such stream here, and never will be.
            over = true;
        } else if (Refusal.isPassing(status)) {
            retry(Comeback.asked(response));
        } else {
            Refusal.read(link.vertx(), response, link.terms(), inSession).onSuccess(this::judge);
            return;
        }
        response.resume();
    }

    private void judge(Refusal refusal) {
        if (refusal.ending() == Ending.FORGOTTEN) {
            end(Ending.FORGOTTEN);
        } else if (refusal.status() == BAD_REQUEST && lastEventId != null) {
            // An id it will not go on after is the only thing that makes a request bad that was good before.
            lastEventId = null;
            retry(null);
        } else {
            end(Ending.LOST);
        }
    }

    private void retry(Duration named) {
        if (over) {
            return;
        }
        if (again) {
            comeback.failed();
        }
        comeBack(named);
    }

    private void comeBack(Duration named) {
        again = true;
        if (!comeback.again(named, this::connect)) {
            end(Ending.LOST);
        }
    }

    private void end(Ending ending) {
        if (!over) {
            over = true;
            comeback.stop();
            inbound.ended(ending);
        }
    }

    @Override
    public void said(String id, String type, String data) {
        lastEventId = id == null ? lastEventId : id;
        boolean known = repetitions.has(id, type, data);
        if (resending.has(known, data, System.nanoTime())) {
            if (!known) {
                link.terms().metrics().deduplicated(1);
            }
            return;
        }
        comeback.progressed();
        if (MessageStream.isMessage(type)) {
            read(id, data);
        }
    }

    private void read(String id, String data) {
        try {
            Message message = link.terms().reader().readOne(data);
            throttle.watch(message.text().length(), pass(message, id));
        } catch (RpcError noMessage) {
            link.complaints().warn("an upstream sent an event that is no JSON-RPC", data);
        }
    }

    /** Answers nobody waits for are not told: there are servers that repeat those of other streams when they resume. */
    private Future<Void> pass(Message message, String id) {
        if (!message.isAnswer()) {
            return inbound.received(message, id);
        }
        StreamableCall call = link.waitingFor(message);
        return call == null ? Future.succeededFuture() : call.take(message, id);
    }

    @Override
    public void forget() {
        lastEventId = null;
    }

    @Override
    public void position(String id) {
        lastEventId = id;
        inbound.position(id);
    }

    @Override
    public void hint(long millis) {
        comeback.hint(millis);
    }

    @Override
    public void over(EventReader.End how) {
        throttle.on(null);
        disconnected();
        inbound.interrupted();
        switch (how) {
            case UNREADABLE -> {
                sending.cancel();
                end(Ending.LOST);
            }
            case CUT -> {
                sending.cancel();
                comeBack(null);
            }
            case IDLE -> {
                // It may well be alive and have had nothing to say; what it says meanwhile might be lost.
                sending.cancel();
                comeBack(Duration.ZERO);
            }
            case CLOSED -> comeBack(null);
        }
    }

    private void disconnected() {
        if (since != 0) {
            Duration age = Duration.ofNanos(System.nanoTime() - since);
            since = 0;
            link.terms().metrics().disconnected(age);
            comeback.lasted(age);
        }
    }
}
