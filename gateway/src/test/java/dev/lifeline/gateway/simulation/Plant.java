package dev.lifeline.gateway.simulation;

import dev.lifeline.event.Cursor;
import dev.lifeline.event.Event;
import dev.lifeline.gateway.log.Append;
import dev.lifeline.gateway.log.Appended;
import dev.lifeline.gateway.log.Attach;
import dev.lifeline.gateway.log.Attached;
import dev.lifeline.gateway.log.Log;
import dev.lifeline.gateway.log.Page;
import dev.lifeline.gateway.rpc.Message;
import dev.lifeline.gateway.session.Courier;
import dev.lifeline.gateway.session.Ending;
import dev.lifeline.gateway.session.Inbound;
import dev.lifeline.gateway.session.Link;
import dev.lifeline.gateway.session.LinkState;
import dev.lifeline.gateway.session.Upstream;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;

/** Bugs put in on purpose, each at a port, to see whether the checker notices. */
enum Plant {
    NONE,
    /** The log does not recognise repetitions. */
    KEYS_ARE_IGNORED,
    /** Outcomes are published without the key by which a second one is recognised. */
    OUTCOMES_HAVE_NO_KEY,
    /** What is read of the log misses an event now and then. */
    REPLAY_HAS_A_HOLE,
    /** A page of the log is as if it ended where it was full, and claims the tail: live goes on behind the hole. */
    LIVE_BEFORE_REPLAY,
    /** Nodes do not say what they remember: a log that lost its tail goes on under the same numbers. */
    EPOCHS_ARE_IGNORED,
    /** Nobody claims a stream that is for one reader. */
    FENCES_ARE_IGNORED,
    /** Others count as dead when one looks at them. */
    THE_LIVING_ARE_TAKEN_OVER,
    /** A link that is cut sends the request again by itself. */
    BLIND_RETRY,
    /** Positions are never compared with the log. */
    NOBODY_CHECKS,
    /** A request that was cut off is reported as one that never reached the upstream. */
    LOST_COUNTS_AS_NOT_SENT;

    Log log(Log real, World world) {
        return switch (this) {
            case KEYS_ARE_IGNORED,
                    OUTCOMES_HAVE_NO_KEY,
                    REPLAY_HAS_A_HOLE,
                    LIVE_BEFORE_REPLAY,
                    EPOCHS_ARE_IGNORED,
                    FENCES_ARE_IGNORED -> new FaultyLog(real, world);
            default -> real;
        };
    }

    Courier courier(Courier real) {
        return this == THE_LIVING_ARE_TAKEN_OVER ? new Undertaker(real) : real;
    }

    Upstream upstream(Upstream real) {
        return this == BLIND_RETRY || this == LOST_COUNTS_AS_NOT_SENT ? new FaultyUpstream(real) : real;
    }

    private final class FaultyLog implements Log {

        private final Log real;
        private final World world;

        FaultyLog(Log real, World world) {
            this.real = real;
            this.world = world;
        }

        @Override
        public Future<Appended> append(Append append) {
            boolean keyless = Plant.this == KEYS_ARE_IGNORED
                    || Plant.this == OUTCOMES_HAVE_NO_KEY
                            && append.key() != null
                            && append.key().startsWith("x");
            return real.append(new Append(
                    append.stream(),
                    append.events(),
                    keyless ? null : append.key(),
                    known(append.known()),
                    append.settled()));
        }

        private Cursor known(Cursor known) {
            return Plant.this == EPOCHS_ARE_IGNORED ? null : known;
        }

        @Override
        public Future<Page> read(String stream, Cursor after, int limit) {
            return real.read(stream, after, limit).map(page -> switch (Plant.this) {
                case REPLAY_HAS_A_HOLE -> page.events().size() > 2 && world.chance(0.2) ? holed(page) : page;
                case LIVE_BEFORE_REPLAY -> page.events().size() > 1 ? skipped(page) : page;
                default -> page;
            });
        }

        private static Page holed(Page page) {
            List<Event> events = new ArrayList<>(page.events());
            events.remove(1);
            return new Page(page.gap(), page.start(), events, page.tail(), page.fence());
        }

        /** As if what was to be replayed had been written already. */
        private static Page skipped(Page page) {
            List<Event> last = page.events()
                    .subList(page.events().size() - 1, page.events().size());
            return new Page(null, page.end().plus(-1), last, page.tail(), page.fence());
        }

        @Override
        public Future<Attached> attach(Attach attach) {
            return real.attach(new Attach(
                    attach.stream(), known(attach.known()), Plant.this == FENCES_ARE_IGNORED ? null : attach.claim()));
        }

        @Override
        public Future<Void> detach(String stream) {
            return real.detach(stream);
        }

        @Override
        public Future<List<String>> remove(String stream, List<String> keys) {
            return real.remove(stream, keys);
        }

        @Override
        public Future<Void> acknowledge(String stream, Cursor upTo) {
            return real.acknowledge(stream, upTo);
        }

        @Override
        public boolean available() {
            return real.available();
        }

        @Override
        public Future<Void> close() {
            return real.close();
        }
    }

    private record Undertaker(Courier real) implements Courier {

        @Override
        public Future<String> ask(String node, String subject, String question) {
            return real.ask(node, subject, question);
        }

        @Override
        public void answer(String subject, BiFunction<String, String, Future<String>> how) {
            real.answer(subject, how);
        }

        @Override
        public Set<String> alive() {
            return real.alive().isEmpty() ? Set.of() : Set.of("nobody");
        }

        @Override
        public boolean isDead(String node) {
            return true;
        }

        @Override
        public Future<Boolean> isSilent(String node) {
            return real.isSilent(node);
        }
    }

    private final class FaultyUpstream implements Upstream {

        private final Upstream real;

        FaultyUpstream(Upstream real) {
            this.real = real;
        }

        @Override
        public String name() {
            return real.name();
        }

        @Override
        public boolean reachableFromAnyNode() {
            return real.reachableFromAnyNode();
        }

        @Override
        public Link link(String session, LinkState known) {
            return new FaultyLink(real.link(session, known), Plant.this);
        }

        @Override
        public Future<Void> close() {
            return real.close();
        }
    }

    /** A link that is asked as the real one is, but for requests that are cut off. */
    private record FaultyLink(Link real, Plant plant) implements Link {

        @Override
        public Future<Opened> open(Message initialize) {
            return real.open(initialize);
        }

        @Override
        public Future<Void> request(Message request, Inbound inbound) {
            return real.request(request, new FaultyInbound(this, request, inbound));
        }

        @Override
        public void resume(String rpcId, String lastEventId, Inbound inbound) {
            real.resume(rpcId, lastEventId, inbound);
        }

        @Override
        public Future<Void> send(Message message) {
            return real.send(message);
        }

        @Override
        public void listen(String lastEventId, Inbound inbound) {
            real.listen(lastEventId, inbound);
        }

        @Override
        public void forget(String rpcId) {
            real.forget(rpcId);
        }

        @Override
        public Future<Void> close() {
            return real.close();
        }

        @Override
        public void release() {
            real.release();
        }
    }

    private record FaultyInbound(FaultyLink link, Message request, Inbound real) implements Inbound {

        @Override
        public Future<Void> received(Message message, String eventId) {
            return real.received(message, eventId);
        }

        @Override
        public void position(String eventId) {
            real.position(eventId);
        }

        @Override
        public void ended(Ending ending) {
            if (ending != Ending.LOST) {
                real.ended(ending);
            } else if (link.plant() == BLIND_RETRY) {
                link.real().request(request, real);
            } else {
                real.ended(Ending.NOT_SENT);
            }
        }
    }
}
