package dev.lifeline.gateway.upstream;

import dev.lifeline.gateway.client.Complaints;
import dev.lifeline.gateway.client.Here;
import dev.lifeline.gateway.rpc.Message;
import dev.lifeline.gateway.session.Ending;
import dev.lifeline.gateway.session.Inbound;
import dev.lifeline.gateway.session.Link;
import dev.lifeline.gateway.session.LinkFailure;
import dev.lifeline.gateway.session.LinkState;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A session's conversation through a {@link Wire}. It lives and dies with this node: a link made anew for a conversation
 * that is already open finds it forgotten. Whoever lets go of it, ends it.
 */
final class PipeLink implements Link {

    private final Vertx vertx;
    private final Context context;
    private final Complaints complaints;
    private final Function<Pipe, Wire> wires;
    private final UpstreamTerms terms;
    private LinkState state;
    private Pipe pipe;
    private Wire wire;

    /** @param wires makes the wire of one conversation, which tells the pipe what comes out of it */
    PipeLink(Vertx vertx, Complaints complaints, Function<Pipe, Wire> wires, UpstreamTerms terms, LinkState known) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.complaints = complaints;
        this.wires = wires;
        this.terms = terms;
        this.state = known;
    }

    @Override
    public Future<Opened> open(Message initialize) {
        return here(() -> {
            hangUp();
            Pipe fresh = new Pipe(vertx, terms.waits().answering(), complaints);
            Wire next = wires.apply(fresh);
            pipe = fresh;
            wire = next;
            return next.connect()
                    .compose(endpoint -> greet(initialize, endpoint))
                    .onSuccess(opened -> terms.metrics().opened())
                    .onFailure(failed -> {
                        terms.metrics().openFailed(failed.getMessage());
                        giveUp(next);
                    });
        });
    }

    private Future<Opened> greet(Message initialize, String endpoint) {
        if (isGone()) {
            return Future.failedFuture(new LinkFailure(Ending.LOST, "the upstream ended before it was greeted"));
        }
        Greeting greeting = new Greeting(vertx, terms.waits().opening());
        pipe.expect(initialize, greeting);
        wire.write(initialize).onFailure(greeting::failed);
        return greeting.answer().map(answer -> {
            if (answer.kind() == Message.Kind.ERROR) {
                hangUp();
                return new Opened(answer, LinkState.NONE);
            }
            String revision = answer.details().protocolVersion();
            state = new LinkState(state.generation() + 1, state.holder(), null, endpoint, revision, null);
            return new Opened(answer, state);
        });
    }

    private void giveUp(Wire failed) {
        if (wire == failed) {
            hangUp();
        }
    }

    @Override
    public Future<Void> request(Message request, Inbound inbound) {
        return here(() -> {
            if (isGone()) {
                inbound.ended(Ending.FORGOTTEN);
                return forgotten();
            }
            Pipe through = pipe;
            through.expect(request, inbound);
            return wire.write(request)
                    .onFailure(failed -> through.failed(request.id(), ((LinkFailure) failed).ending()));
        });
    }

    /** What another node asked, it asked a conversation that ended with it. */
    @Override
    public void resume(String rpcId, String lastEventId, Inbound inbound) {
        Here.run(context, () -> inbound.ended(Ending.LOST));
    }

    @Override
    public Future<Void> send(Message message) {
        return here(() -> isGone() ? forgotten() : wire.write(message));
    }

    @Override
    public void listen(String lastEventId, Inbound inbound) {
        Here.run(context, () -> {
            if (pipe == null) {
                inbound.ended(Ending.FORGOTTEN);
            } else {
                pipe.listen(inbound);
            }
        });
    }

    @Override
    public void forget(String rpcId) {
        Here.run(context, () -> {
            if (pipe != null) {
                pipe.forget(rpcId);
            }
        });
    }

    @Override
    public Future<Void> close() {
        return here(this::hangUp);
    }

    @Override
    public void release() {
        Here.run(context, this::hangUp);
    }

    private Future<Void> hangUp() {
        if (wire == null) {
            return Future.succeededFuture();
        }
        Wire last = wire;
        pipe.deaf();
        pipe.end();
        pipe = null;
        wire = null;
        return last.close();
    }

    private boolean isGone() {
        return pipe == null || pipe.isOver();
    }

    private static Future<Void> forgotten() {
        return Future.failedFuture(
                new LinkFailure(Ending.FORGOTTEN, "the upstream's end of this conversation is gone"));
    }

    private <T> Future<T> here(Supplier<Future<T>> work) {
        Promise<T> done = Promise.promise();
        Here.run(context, () -> work.get().onComplete(done));
        return done.future();
    }
}
