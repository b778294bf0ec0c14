package dev.lifeline.gateway.session;

import dev.lifeline.gateway.rpc.Message;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This node's hold on a session's link: opens it where it has to be, begins it anew when the upstream forgot, listens
 * to it if this node is its holder.
 *
 * <p>Called from any thread. The fields are guarded by this object's lock, which is never held across a call that may
 * come back here.
 */
final class Hold {

    private static final Logger LOG = LoggerFactory.getLogger(Hold.class);

    /** Where what comes by no request's way goes. */
    @FunctionalInterface
    interface Listener {
        Future<Void> fromUpstream(Message message, String eventId);
    }

    private final Means means;
    private final String session;
    private final Upstream upstream;
    private final Listener listener;

    // Guarded by this.
    private LinkState state;
    private Link link;
    private Future<Link> renewing;
    private boolean listening;
    private boolean attended;
    /** The upstream forgot the conversation, or its pipe is broken: it has to be begun anew before it is used. */
    private boolean gone;

    private boolean over;

    Hold(Means means, Session session, Listener listener) {
        this.means = means;
        this.session = session.id();
        this.upstream = means.upstream(session.upstream());
        this.listener = listener;
        this.state = session.link();
    }

    synchronized LinkState state() {
        return state;
    }

    /** Whether the upstream can be spoken to from this node, whoever holds the link. */
    boolean isReachableFromHere() {
        return upstream.reachableFromAnyNode();
    }

    /** Whether this node has a link with the upstream. */
    synchronized boolean isOpen() {
        return link != null;
    }

    synchronized boolean isHeldHere() {
        return means.node().equals(state.holder());
    }

    /** What the store says; an older generation than the known one is old news. */
    synchronized void update(LinkState stored) {
        if (stored.generation() > state.generation()) {
            adopt(stored, null);
        } else if (stored.generation() == state.generation() && !listening) {
            // The same conversation, perhaps heard further by its holder.
            state = stored;
        }
    }

    /** Goes on with a link that was opened here. */
    synchronized void begin(LinkState opened, Link with) {
        adopt(opened, with);
    }

    private void adopt(LinkState next, Link with) {
        boolean same = with == null && Objects.equals(next.upstreamSession(), state.upstreamSession());
        if (link != null && link != with) {
            // What is under way on it comes to its end.
            link.release();
        }
        link = same && isReachableFromHere() ? link : with;
        state = next;
        listening = false;
        gone = false;
    }

    /** The client is being introduced: whoever needs the link waits for what comes of it. */
    void introducing(Future<?> introduction) {
        Promise<Link> introduced = Promise.promise();
        synchronized (this) {
            if (renewing != null) {
                return;
            }
            renewing = introduced.future();
        }
        introduction.onComplete(done -> {
            Link now;
            synchronized (this) {
                renewing = null;
                now = link;
            }
            if (now != null) {
                introduced.complete(now);
            } else {
                introduced.fail(new LinkFailure(Ending.NOT_SENT, "the client could not be introduced"));
            }
        });
    }

    /** The link, opened again if it has to be. */
    Future<Link> ready() {
        long known;
        synchronized (this) {
            if (over) {
                return Future.failedFuture(new LinkFailure(Ending.REFUSED, "the session is over"));
            }
            if (link == null && !gone && state.isOpen() && isReachableFromHere()) {
                link = upstream.link(session, state);
            }
            if (link != null) {
                return Future.succeededFuture(link);
            }
            known = state.generation();
        }
        return renew(known);
    }

    /** Begins the conversation anew, unless somebody has done so since the known generation. */
    Future<Link> renew(long known) {
        Promise<Link> renewed = Promise.promise();
        synchronized (this) {
            if (renewing != null) {
                return renewing;
            }
            if (state.generation() > known && link != null) {
                return Future.succeededFuture(link);
            }
            renewing = renewed.future();
        }
        means.store()
                .find(session)
                .compose(found -> found.map(fresh -> renew(known, fresh))
                        .orElseGet(() -> Future.failedFuture(new LinkFailure(Ending.REFUSED, "the session is over"))))
                .onComplete(done -> {
                    synchronized (this) {
                        renewing = null;
                    }
                    renewed.handle(done);
                });
        return renewed.future();
    }

    private Future<Link> renew(long known, Session fresh) {
        update(fresh.link());
        synchronized (this) {
            if (fresh.link().generation() > known && isReachableFromHere()) {
                link = link == null ? upstream.link(session, state) : link;
                return Future.succeededFuture(link);
            }
        }
        return new Renewal(means, upstream, fresh).make().map(begun -> {
            synchronized (this) {
                adopt(begun.state(), begun.link());
                attended |= fresh.presence().listening();
            }
            listen();
            return begun.link();
        });
    }

    // ---- the standing stream

    /** A client of the session listens somewhere: from now on its upstream is listened to. */
    void attend() {
        boolean open;
        synchronized (this) {
            attended = true;
            open = state.isOpen();
        }
        if (open && isHeldHere()) {
            ready().onSuccess(link -> listen());
        }
    }

    /** Listens to the upstream, if that is for this node to do and not done already. */
    void listen() {
        Link with;
        LinkState now;
        synchronized (this) {
            boolean wanted = attended || !isReachableFromHere();
            if (over || listening || link == null || !wanted || !isHeldHere()) {
                return;
            }
            listening = true;
            with = link;
            now = state;
        }
        with.listen(now.lastEventId(), new Standing(now));
    }

    /** What comes by no request's way. */
    private final class Standing implements Inbound {

        private final LinkState begun;

        Standing(LinkState begun) {
            this.begun = begun;
        }

        @Override
        public Future<Void> received(Message message, String eventId) {
            Future<Void> kept = listener.fromUpstream(message, eventId);
            return eventId == null ? kept : kept.onSuccess(landed -> position(eventId));
        }

        @Override
        public void position(String eventId) {
            means.store().heard(session, begun, eventId);
        }

        @Override
        public void interrupted() {
            means.store()
                    .find(session)
                    .onSuccess(found -> found.ifPresent(fresh -> compare(begun.generation(), fresh.link())));
        }

        @Override
        public void ended(Ending ending) {
            lost(begun.generation(), ending);
        }
    }

    /**
     * Lets go of a stream that is another node's by now: an upstream ends one for the other, and two who came back would take
     * it from each other in turns. A store that does not know of the one who listened has lost it, and is told again, or
     * both would go by what they remember.
     */
    private void compare(long listenedAs, LinkState stored) {
        LinkState known;
        synchronized (this) {
            if (over || !listening || state.generation() != listenedAs || !stored.isOpen()) {
                return;
            }
            known = state;
            if (stored.generation() > listenedAs
                    || stored.generation() == listenedAs && !means.node().equals(stored.holder())) {
                adopt(stored, null);
            }
        }
        if (stored.generation() < listenedAs) {
            LinkState told = stored.isWithin(known) ? known.heard(stored.lastEventId()) : known;
            means.store().relink(session, stored.generation(), told);
        } else {
            listen();
        }
    }

    private void lost(long which, Ending ending) {
        boolean again;
        synchronized (this) {
            if (over || state.generation() != which) {
                return;
            }
            listening = false;
            boolean dead = ending == Ending.FORGOTTEN || !isReachableFromHere();
            if (dead) {
                leave();
            }
            again = attended && dead;
        }
        LOG.atDebug().addKeyValue("ending", ending).log("the stream of an upstream has ended");
        if (again) {
            means.time().after(means.settings().pause().apply(1), () -> renew(which));
        }
    }

    private void leave() {
        gone = true;
        if (link != null) {
            link.release();
            link = null;
        }
    }

    /** Takes the place of a holder that is gone. What an upstream kept for a pipe went with it; HTTP goes on. */
    Future<Void> inherit() {
        LinkState before = state();
        if (!isReachableFromHere()) {
            synchronized (this) {
                leave();
            }
            return Future.succeededFuture();
        }
        LinkState wanted = new LinkState(
                before.generation() + 1,
                means.node(),
                before.upstreamSession(),
                before.endpoint(),
                before.revision(),
                before.lastEventId());
        return means.store().relink(session, before.generation(), wanted).map(now -> {
            now.ifPresent(this::update);
            return null;
        });
    }

    // ---- the end

    void forget(String rpcId) {
        Link with;
        synchronized (this) {
            with = link;
        }
        if (with != null) {
            with.forget(rpcId);
        }
    }

    /** Lets go; the conversation may go on elsewhere. */
    void release() {
        Link with = stop();
        if (with != null) {
            with.release();
        }
    }

    /** The session is over: so is the conversation. */
    Future<Void> close() {
        Link with;
        synchronized (this) {
            boolean elsewhere = link == null && !over && !gone && state.isOpen() && isReachableFromHere();
            with = elsewhere ? upstream.link(session, state) : link;
        }
        stop();
        return with == null ? Future.succeededFuture() : with.close();
    }

    private synchronized Link stop() {
        Link with = link;
        over = true;
        link = null;
        return with;
    }
}
