package dev.lifeline.gateway.feed;

import dev.lifeline.event.Event;
import dev.lifeline.gateway.client.Complaints;
import dev.lifeline.gateway.client.EventSource;
import dev.lifeline.gateway.client.SourceEvent;
import dev.lifeline.gateway.client.SourceState;
import dev.lifeline.gateway.client.SourceState.Phase;
import dev.lifeline.gateway.client.Throttle;
import dev.lifeline.gateway.stream.Hub;
import io.netty.buffer.ByteBufUtil;
import io.vertx.core.Vertx;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The time in which one node follows a source for all: from the position the node before it kept, until another has taken
 * the feed. Lives on the context it was made on.
 */
final class Tenure {

    /** What only a link says of itself; each link of ours has its own. */
    private static final String HEARTBEAT = "heartbeat";

    /** A source that turned us away, or sends what cannot be read, is asked again after so long. */
    private static final Duration REST = Duration.ofMinutes(1);

    private static final Logger LOG = LoggerFactory.getLogger(Tenure.class);

    private final Vertx vertx;
    private final Feeds.Settings settings;
    private final long fence;
    private final Throttle throttle;
    private final Intake intake;
    private final Complaints complaints;

    private volatile Phase phase = Phase.CONNECTING;
    private String position;
    private boolean connectedBefore;
    private boolean lossy;
    private EventSource source;
    private long rest = -1;
    private boolean over;

    Tenure(Vertx vertx, Hub hub, Feeds.Settings settings, FeedLease lease, FeedLease.Standing standing) {
        this.vertx = vertx;
        this.settings = settings;
        this.fence = standing.fence();
        this.position = standing.position() == null ? "" : standing.position();
        this.connectedBefore = standing.position() != null;
        this.throttle = new Throttle(vertx.getOrCreateContext());
        this.intake = new Intake(vertx, hub, settings.stream(), lease, fence);
        this.complaints = new Complaints(LOG, "feed:" + settings.name());
    }

    /** Whether it goes on under this standing: a store that forgot us once may have us again, under the same fence. */
    boolean continues(FeedLease.Standing standing) {
        return fence == standing.fence() && !intake.isStopped();
    }

    Phase phase() {
        return phase;
    }

    /** How far it has come, or null if it was never connected. */
    String position() {
        return connectedBefore ? intake.position(position) : null;
    }

    void start() {
        follow(position);
    }

    /**
     * The lease is ours.
     *
     * @param asked since when, by the clock that counts nanoseconds
     * @param stored the position that the next node would find
     */
    void renewed(long asked, String stored) {
        intake.renewed(asked, stored);
        if (source != null && intake.isEmpty() && phase == Phase.CONNECTED) {
            // An id that came without an event counts too.
            intake.keep(source.lastEventId());
        }
    }

    void stop() {
        over = true;
        vertx.cancelTimer(rest);
        intake.stop();
        if (source != null) {
            source.close();
        }
    }

    private void follow(String after) {
        if (over) {
            return;
        }
        Reader reader = new Reader();
        source = EventSource.open(vertx, settings.source().after(after), settings.metrics(), reader);
        reader.own = source;
        throttle.on(new Flow(source));
    }

    /** Something of the source will never come: readers hear of it before the next event. */
    private void take(Event event, SourceEvent from) {
        if (lossy) {
            lossy = false;
            intake.add(Intake.Item.loss());
        }
        Intake.Item item = Intake.Item.of(event, from);
        throttle.watch(event.data().length(), item.kept().future());
        intake.add(item);
    }

    /** A source that does not go on where we were may go on without our saying so: then something is lost. */
    private void refused(String tried, String reason) {
        complaints.warn("the source of a feed does not go on", reason);
        if (tried.isEmpty()) {
            rest();
        } else {
            follow("");
        }
    }

    private void rest() {
        rest = vertx.setTimer(REST.toMillis(), due -> follow(intake.position(position)));
    }

    /** Hears one source; once another was opened, what this one still says counts for nothing. */
    private final class Reader implements EventSource.Listener {

        private EventSource own;

        private boolean stale() {
            return over || own != source;
        }

        @Override
        public void event(SourceEvent event) {
            if (stale() || event.type().equals(HEARTBEAT)) {
                return;
            }
            boolean tooLarge = ByteBufUtil.utf8Bytes(event.data()) > settings.maxEventBytes();
            if (tooLarge || event.type().indexOf(0) >= 0) {
                complaints.warn("an event of the source of a feed cannot be passed on", event.type());
                lossy = true;
            } else {
                take(new Event(event.type(), event.data()), event);
            }
        }

        @Override
        public void gap(SourceEvent verdict) {
            if (!stale()) {
                lossy = false;
                intake.add(Intake.Item.loss(verdict));
            }
        }

        @Override
        public void state(SourceState state) {
            if (stale()) {
                return;
            }
            phase = state.phase();
            if (phase == Phase.CONNECTED) {
                connected();
            } else if (phase == Phase.FAILED) {
                refused(own.lastEventId(), state.reason());
            }
        }

        private void connected() {
            if (connectedBefore && own.lastEventId().isEmpty()) {
                lossy = true;
            }
            if (!connectedBefore) {
                connectedBefore = true;
                intake.keep(own.lastEventId());
            }
        }
    }

    /** The source, as something that can be made to wait. */
    private record Flow(EventSource source) implements Throttle.Source {

        @Override
        public void pause() {
            source.pause();
        }

        @Override
        public void resume() {
            source.resume();
        }
    }
}
