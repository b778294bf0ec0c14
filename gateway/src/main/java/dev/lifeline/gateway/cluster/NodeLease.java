package dev.lifeline.gateway.cluster;

import dev.lifeline.gateway.redis.RedisLink;
import dev.lifeline.gateway.redis.RedisLink.Temper;
import dev.lifeline.gateway.redis.Script;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This node's word in Redis that it is alive, renewed by a timer, and the list of all who say so. What a lease says is
 * what "alive" means; the cluster manager's opinion is a hint.
 */
public final class NodeLease {

    private static final Logger LOG = LoggerFactory.getLogger(NodeLease.class);
    private static final Script LEASE = Script.of("lease.lua");
    private static final int RENEWALS_PER_LEASE = 3;

    private final Vertx vertx;
    private final RedisLink link;
    private final String key;
    private final Member self;
    private final Duration length;
    private volatile List<Member> members;
    private long timer;

    public NodeLease(Vertx vertx, RedisLink link, String prefix, Member self, Duration length) {
        this.vertx = vertx;
        this.link = link;
        this.key = prefix + ":nodes";
        this.self = self;
        this.length = length;
        this.members = List.of(self);
    }

    /** Takes the lease and keeps it. The future succeeds once the others can see it. */
    public Future<Void> start() {
        timer = vertx.setPeriodic(length.toMillis() / RENEWALS_PER_LEASE, turn -> renew());
        return renew();
    }

    private Future<Void> renew() {
        return say(Long.toString(length.toMillis()))
                .onSuccess(this::heard)
                .onFailure(failure -> LOG.debug("the node lease was not renewed: {}", failure.getMessage()))
                .mapEmpty();
    }

    private Future<Response> say(String millis) {
        return link.call(LEASE, List.of(key), List.of(self.toString(), millis), Temper.IMPATIENT);
    }

    private void heard(Response names) {
        List<Member> alive = names.stream()
                .map(name -> Member.parse(name.toString()))
                .sorted((a, b) -> a.id().compareTo(b.id()))
                .toList();
        if (!alive.equals(members)) {
            LOG.atInfo().addKeyValue("nodes", alive).log("living nodes changed");
        }
        members = alive;
    }

    /** Who was alive when last heard, this node included; while Redis is away, who was alive before. */
    public List<Member> members() {
        return members;
    }

    public Member self() {
        return self;
    }

    /** Gives the lease back, so that nobody has to wait for it to lapse. */
    public Future<Void> end() {
        vertx.cancelTimer(timer);
        return say("0").mapEmpty();
    }
}
