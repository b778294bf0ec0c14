package dev.lifeline.gateway.upstream;

import dev.lifeline.gateway.client.Comeback;
import dev.lifeline.gateway.client.Complaints;
import dev.lifeline.gateway.client.Door;
import dev.lifeline.gateway.client.EventReader;
import dev.lifeline.gateway.client.Repetitions;
import dev.lifeline.gateway.client.Sending;
import dev.lifeline.gateway.client.Throttle;
import dev.lifeline.gateway.rpc.Message;
import dev.lifeline.gateway.rpc.RpcError;
import dev.lifeline.gateway.session.Ending;
import dev.lifeline.gateway.session.LinkFailure;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import java.net.URI;
import java.time.Duration;

/**
 * A legacy conversation: the stream, and the endpoint it named first. A stream that is lost is the conversation's end,
 * unless its events have ids and it names the same endpoint when it is asked to go on after the last one.
 */
final class SseWire implements Wire, MessageStream {

    private static final String ENDPOINT = "endpoint";

    private final Vertx vertx;
    private final Context context;
    private final Door door;
    private final UpstreamTerms terms;
    private final Complaints complaints;
    private final Pipe pipe;
    private final Throttle throttle;
    private final Comeback comeback;
    private final Repetitions repetitions;
    private final Promise<String> named = Promise.promise();

    private Sending sending;
    private URI endpoint;
    private boolean settled;
    private String lastEventId;
    private long since;
    private long unnamed = -1;
    private boolean over;

    SseWire(Vertx vertx, Door door, UpstreamTerms terms, Complaints complaints, Pipe pipe) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.door = door;
        this.terms = terms;
        this.complaints = complaints;
        this.pipe = pipe;
        this.throttle = new Throttle(context);
        this.repetitions = new Repetitions(terms.metrics());
        this.comeback = terms.comeback(vertx);
    }

    @Override
    public Future<String> connect() {
        attend();
        return named.future();
    }

    private void attend() {
        MultiMap headers = door.headers();
        if (lastEventId != null) {
            headers.set(Door.LAST_EVENT_ID, Door.asHeader(lastEventId));
        }
        settled = false;
        unnamed = vertx.setTimer(terms.waits().opening().toMillis(), late -> nameless());
        sending = door.attend(door.url(), headers, terms.waits().idle());
        sending.go().onSuccess(this::answered).onFailure(failed -> unreachable((LinkFailure) failed));
    }

    private void answered(HttpClientResponse response) {
        int status = response.statusCode();
        if (over) {
            sending.cancel();
        } else if (status == 200 && EventReader.isStream(response)) {
            since = System.nanoTime();
            EventReader reader = new EventReader(
                    vertx, response, terms.room().messageBytes(), terms.waits().idle(), this);
            reader.start();
            throttle.on(reader);
        } else {
            response.resume();
            LinkFailure none =
                    new LinkFailure(Ending.REFUSED, "the upstream has no event stream to offer, status " + status);
            Refusal.tell(none, complaints);
            if (named.tryFail(none) || !Refusal.isPassing(status)) {
                end();
            } else {
                failed(Comeback.asked(response));
            }
        }
    }

    private void unreachable(LinkFailure failure) {
        Refusal.tell(failure, complaints);
        if (named.tryFail(failure)) {
            end();
        } else {
            failed(null);
        }
    }

    private void nameless() {
        if (!settled && !over) {
            named.tryFail(new LinkFailure(Ending.LOST, "the upstream named no endpoint in time"));
            sending.cancel();
            end();
        }
    }

    /** It was there once, and did not come back this time. */
    private void failed(Duration named) {
        comeback.failed();
        comeBack(named);
    }

    private void comeBack(Duration named) {
        vertx.cancelTimer(unnamed);
        if (!over && (lastEventId == null || !comeback.again(named, this::attend))) {
            end();
        }
    }

    @Override
    public void said(String id, String type, String data) {
        if (type.equals(ENDPOINT)) {
            name(data);
        }
        lastEventId = id == null ? lastEventId : id;
        if (repetitions.has(id, type, data)) {
            return;
        }
        if (settled && MessageStream.isMessage(type)) {
            comeback.progressed();
            read(id, data);
        }
    }

    private void name(String data) {
        URI place = door.place(data);
        if (place == null) {
            complaints.warn(
                    "an upstream names an endpoint of another origin, which is not used", data.split("[?#]", 2)[0]);
            named.tryFail(new LinkFailure(Ending.REFUSED, "the upstream's endpoint lies elsewhere, and is not used"));
            leave();
        } else if (endpoint == null || endpoint.equals(place)) {
            vertx.cancelTimer(unnamed);
            if (endpoint != null) {
                comeback.succeeded();
            }
            endpoint = place;
            settled = true;
            named.tryComplete(Door.path(place));
        } else {
            // Another conversation: nobody there knows what was asked in this one.
            comeback.failed();
            leave();
        }
    }

    private void leave() {
        sending.cancel();
        end();
    }

    private void read(String id, String data) {
        try {
            Message message = terms.reader().readOne(data);
            throttle.watch(message.text().length(), pipe.arrived(message, id));
        } catch (RpcError noMessage) {
            complaints.warn("an upstream sent an event that is no JSON-RPC", data);
        }
    }

    @Override
    public void forget() {
        lastEventId = null;
    }

    @Override
    public void position(String id) {
        lastEventId = id;
        pipe.position(id);
    }

    @Override
    public void hint(long retryMillis) {
        comeback.hint(retryMillis);
    }

    @Override
    public void over(EventReader.End how) {
        throttle.on(null);
        disconnected();
        named.tryFail(new LinkFailure(Ending.LOST, "the upstream ended the stream before it named an endpoint"));
        if (how != EventReader.End.CLOSED) {
            sending.cancel();
        }
        if (how == EventReader.End.UNREADABLE) {
            end();
        } else {
            comeBack(null);
        }
    }

    private void disconnected() {
        if (since != 0) {
            Duration age = Duration.ofNanos(System.nanoTime() - since);
            since = 0;
            terms.metrics().disconnected(age);
            comeback.lasted(age);
        }
    }

    private void end() {
        if (!over) {
            over = true;
            comeback.stop();
            vertx.cancelTimer(unnamed);
            disconnected();
            pipe.end();
        }
    }

    @Override
    public Future<Void> write(Message message) {
        MultiMap headers = door.headers().set(HttpHeaders.CONTENT_TYPE, "application/json");
        message.trace().forEach(headers::set);
        return door.post(endpoint, headers, Buffer.buffer(message.text())).go().compose(this::taken);
    }

    private Future<Void> taken(HttpClientResponse response) {
        if (response.statusCode() / 100 == 2) {
            response.resume();
            return Future.succeededFuture();
        }
        return Refusal.read(vertx, response, terms, true)
                .compose(refusal -> Future.failedFuture(new LinkFailure(refusal.ending(), refusal.why())));
    }

    @Override
    public Future<Void> close() {
        boolean open = !over;
        end();
        if (open && sending != null) {
            sending.cancel();
        }
        return Future.succeededFuture();
    }
}
