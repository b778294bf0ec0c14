package dev.lifeline.gateway.security;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keys an issuer publishes and changes: fetched when first needed, kept for a while, fetched anew when a token names one
 * that is not among them. However many ask, one fetch runs at a time, and one may start per {@link #SOONEST}.
 *
 * <p>How they are fetched is the {@link JwksFetch}'s business. For every event loop.
 */
final class PublishedKeys implements KeySource {

    private static final Logger LOG = LoggerFactory.getLogger(PublishedKeys.class);

    /** A key an issuer withdrew counts no longer than this, as long as the issuer can be asked. */
    static final Duration FRESH = Duration.ofMinutes(10);

    /** How long keys count when the issuer cannot be asked: its outage is not to be everybody's. */
    static final Duration LAST_RESORT = Duration.ofHours(24);

    /** Anybody can send tokens with made-up key ids; this is how often that reaches the issuer. */
    static final Duration SOONEST = Duration.ofSeconds(10);

    private final Supplier<Future<TokenKeys>> fetch;
    private final Clock clock;

    // Guarded by this.
    private Future<TokenKeys> latest = Future.failedFuture(new AuthenticationFailed());
    private Instant fetchedAt = Instant.MIN;
    private Future<TokenKeys> running = latest;
    private Instant startedAt = Instant.MIN;

    PublishedKeys(Supplier<Future<TokenKeys>> fetch, Clock clock) {
        this.fetch = fetch;
        this.clock = clock;
    }

    @Override
    public synchronized Future<TokenKeys> keys() {
        if (latest.succeeded() && isYounger(fetchedAt, FRESH)) {
            return latest;
        }
        return newerKeys();
    }

    @Override
    public synchronized Future<TokenKeys> newerKeys() {
        if (running.isComplete() && !isYounger(startedAt, SOONEST)) {
            startedAt = clock.instant();
            running = fetch.get().onComplete(answer -> {
                if (answer.succeeded()) {
                    accept(answer.result());
                } else {
                    LOG.warn(
                            "the issuer's keys could not be fetched: {}",
                            answer.cause().getMessage());
                }
            });
        }
        return onOwnContext(running.recover(failure -> lastResort()));
    }

    // The fetch belongs to whoever asked first; the others wait on their own event loops.
    private static Future<TokenKeys> onOwnContext(Future<TokenKeys> keys) {
        Context own = Vertx.currentContext();
        if (own == null || keys.isComplete()) {
            return keys;
        }
        Promise<TokenKeys> promise = Promise.promise();
        keys.onComplete(answer -> own.runOnContext(turn -> promise.handle(answer)));
        return promise.future();
    }

    private synchronized void accept(TokenKeys keys) {
        latest = Future.succeededFuture(keys);
        fetchedAt = clock.instant();
    }

    private synchronized Future<TokenKeys> lastResort() {
        return isYounger(fetchedAt, LAST_RESORT) ? latest : Future.failedFuture(new AuthenticationFailed());
    }

    private boolean isYounger(Instant since, Duration age) {
        return since != Instant.MIN && clock.instant().isBefore(since.plus(age));
    }
}
