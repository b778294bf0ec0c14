package dev.lifeline.gateway.session;

import dev.lifeline.gateway.fault.Fault;
import dev.lifeline.gateway.fault.Step;
import dev.lifeline.gateway.log.LogUnavailable;
import dev.lifeline.gateway.rpc.Message;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * Begins a session's conversation with its upstream, or begins it anew, without the client: what it said of itself is
 * said for it again. Of nodes that want to, one does, so that the upstream has one conversation more and not several; the
 * others go on with what that one began. Should it have died over it, or be slow, another begins one too, and the first of
 * them that is noted is the one.
 */
final class Renewal {

    /** How long the others leave it to one. */
    private static final Duration CLAIM = Duration.ofSeconds(5);

    /** How soon they look whether it has come to something. */
    private static final Duration LOOK_AGAIN = Duration.ofMillis(50);

    private final Means means;
    private final Upstream upstream;
    private final Session session;

    /** What was begun, by this node or by another. */
    record Begun(LinkState state, Link link) {}

    Renewal(Means means, Upstream upstream, Session session) {
        this.means = means;
        this.upstream = upstream;
        this.session = session;
    }

    Future<Begun> make() {
        return claim(CLAIM).compose(mine -> mine ? begin() : leaveToAnother());
    }

    private Future<Boolean> claim(Duration time) {
        return means.store().claim(session.id(), session.link().generation(), means.node(), time);
    }

    private Future<Begun> begin() {
        return introduction()
                .map(means.reader()::readOne)
                .compose(this::introduce)
                .onFailure(failure -> claim(Duration.ZERO));
    }

    private Future<Begun> leaveToAnother() {
        Promise<Begun> left = Promise.promise();
        means.time()
                .after(
                        LOOK_AGAIN,
                        () -> means.store()
                                .find(session.id())
                                .compose(found -> found.map(this::lookAgain).orElseGet(Renewal::over))
                                .onComplete(left));
        return left.future();
    }

    private Future<Begun> lookAgain(Session now) {
        return now.link().generation() > session.link().generation() ? follow(now.link()) : make();
    }

    /** What the client said of itself; or what it may have said before, in a session that it left; or a word of our own. */
    private Future<String> introduction() {
        if (session.opening().initialize() != null) {
            return Future.succeededFuture(session.opening().initialize());
        }
        if (session.owner().key() != null) {
            return Future.succeededFuture(OwnWords.INITIALIZE);
        }
        return means.store()
                .from(session.owner().principal(), session.owner().origin())
                .map(siblings -> siblings.stream()
                        .filter(sibling -> sibling.upstream().equals(session.upstream()) && isLeft(sibling))
                        .map(sibling -> sibling.opening().initialize())
                        .filter(Objects::nonNull)
                        .findFirst()
                        .orElse(OwnWords.INITIALIZE));
    }

    /** Who has a key, or is listening, is somebody else. */
    private boolean isLeft(Session sibling) {
        Session.Presence presence = sibling.presence();
        return sibling.owner().key() == null && (!presence.listening() || !means.isAlive(presence.node()));
    }

    private Future<Begun> introduce(Message initialize) {
        Link link = upstream.link(session.id(), LinkState.NONE);
        return link.open(initialize).compose(opened -> {
            if (opened.answer().kind() == Message.Kind.ERROR) {
                link.release();
                return Future.failedFuture(new LinkFailure(Ending.REFUSED, "the upstream refused to begin anew"));
            }
            return settle(initialize, link, opened.state().begun(session.link().generation() + 1, means.node()));
        });
    }

    private Future<Begun> settle(Message initialize, Link link, LinkState wanted) {
        if (Fault.at(Step.INTRODUCE)) {
            return Future.failedFuture(new LogUnavailable(Fault.WORD));
        }
        return means.store()
                .relink(session.id(), session.link().generation(), wanted)
                .compose(now -> {
                    if (now.isPresent() && now.get().equals(wanted)) {
                        means.metrics().linkRenewed(session.upstream());
                        return restore(initialize, link, wanted);
                    }
                    link.close();
                    return now.isPresent() ? follow(now.get()) : over();
                });
    }

    private Future<Begun> follow(LinkState winner) {
        return upstream.reachableFromAnyNode()
                ? Future.succeededFuture(new Begun(winner, upstream.link(session.id(), winner)))
                : Future.failedFuture(new LinkFailure(Ending.NOT_SENT, "another node holds the link by now"));
    }

    private static Future<Begun> over() {
        return Future.failedFuture(new LinkFailure(Ending.REFUSED, "the session is over"));
    }

    /** Says again what the upstream has to know: that the client is ready, and what it wants to hear of. */
    private Future<Begun> restore(Message initialize, Link link, LinkState state) {
        Begun begun = new Begun(state, link);
        boolean silent = session.opening().initialize() == null;
        if (silent) {
            means.store().introduce(session.id(), OwnWords.opening(initialize, state.revision()));
        } else if (!session.opening().initialized()) {
            return Future.succeededFuture(begun);
        }
        return link.send(means.reader().readOne(OwnWords.INITIALIZED))
                .transform(told -> means.store().wishes(session.id()))
                .otherwise(List.of())
                .map(wishes -> {
                    wishes.forEach(wish -> link.request(means.reader().readOne(wish), Deaf.EARS));
                    return begun;
                });
    }

    /** For an answer that nobody waits for. */
    private enum Deaf implements Inbound {
        EARS;

        @Override
        public Future<Void> received(Message message, String eventId) {
            return Future.succeededFuture();
        }

        @Override
        public void ended(Ending ending) {
            // The request was a repetition; the client has had its answer.
        }
    }
}
