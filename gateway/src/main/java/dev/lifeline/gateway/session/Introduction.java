package dev.lifeline.gateway.session;

import dev.lifeline.gateway.fault.Fault;
import dev.lifeline.gateway.fault.Step;
import dev.lifeline.gateway.log.LogUnavailable;
import dev.lifeline.gateway.rpc.Message;
import dev.lifeline.gateway.rpc.RpcError;
import io.vertx.core.Future;

/**
 * An {@code initialize} within a session that exists already: the first one on the legacy transport, or a client that
 * begins anew. Its answer comes after the store knows whom the session talks to, so that the next request may go to any
 * node.
 */
final class Introduction {

    private final Means means;
    private final Conversation conversation;
    private final Exchange exchange;
    private final Message initialize;

    Introduction(Means means, Conversation conversation, Exchange exchange, Message initialize) {
        this.means = means;
        this.conversation = conversation;
        this.exchange = exchange;
        this.initialize = initialize;
    }

    /** The answer, an upstream's error included. */
    Future<Message> make() {
        LinkState before = conversation.hold().state();
        Link link = means.upstream(conversation.session().upstream()).link(conversation.id(), LinkState.NONE);
        return link.open(initialize).compose(opened -> {
            if (opened.answer().kind() == Message.Kind.ERROR) {
                link.release();
                return Future.succeededFuture(opened.answer());
            }
            return settle(before, link, opened);
        });
    }

    private Future<Message> settle(LinkState before, Link link, Link.Opened opened) {
        LinkState wanted = opened.state().begun(before.generation() + 1, means.node());
        Session.Opening opening = OwnWords.opening(initialize, wanted.revision());
        if (Fault.at(Step.INTRODUCE)) {
            return Future.failedFuture(new LogUnavailable(Fault.WORD));
        }
        return conversation
                .introduced(opening)
                .compose(noted -> means.store().relink(conversation.id(), before.generation(), wanted))
                .map(now -> {
                    if (now.isPresent() && now.get().equals(wanted)) {
                        conversation.hold().begin(wanted, link);
                    } else {
                        // Somebody began anew at the same time: what he began is the session's, and just as good.
                        link.close();
                    }
                    if (conversation.session().presence().listening()) {
                        conversation.hold().attend();
                    } else {
                        conversation.hold().listen();
                    }
                    return opened.answer();
                });
    }

    String refusal(Throwable failure) {
        boolean lost = failure instanceof LinkFailure known && known.ending().mayHaveRun();
        return RpcError.answer(
                exchange.id(), lost ? RpcError.MAY_HAVE_RUN : RpcError.NOT_RUN, "the upstream cannot be reached", null);
    }
}
