package dev.lifeline.gateway.session;

import static dev.lifeline.gateway.redis.Facts.eventually;
import static dev.lifeline.gateway.redis.Facts.get;

import dev.lifeline.event.Cursor;
import dev.lifeline.gateway.session.Session.Opening;
import dev.lifeline.gateway.session.Session.Presence;
import dev.lifeline.gateway.session.Session.Transport;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A store of which nothing is known but that it is one, the words to talk to it, and some times. */
abstract class SessionStoreUnderTest {

    static final Duration LONG = Duration.ofMinutes(5);
    static final Duration SHORT = Duration.ofMillis(300);
    static final int MOST = 1000;

    SessionStore store;

    abstract SessionStore open(int most);

    /** Lets the sessions' time pass: {@link #SHORT} has gone by when it returns. */
    abstract void afterShort();

    /** Waits until it is so, with a store that is swept now and then. */
    final void onceSwept(ThrowingCallable fact) {
        eventually(() -> {
            sweep();
            fact.call();
        });
    }

    abstract void sweep();

    @BeforeEach
    void openOne() {
        store = open(MOST);
    }

    @AfterEach
    void close() {
        get(store.close());
    }

    static Session session(String id) {
        return session(id, new Session.Owner("alice", Transport.LEGACY, "192.0.2.1", null));
    }

    static Session session(String id, Session.Owner owner) {
        return new Session(id, owner, "docs", Opening.NONE, LinkState.NONE, Presence.NEVER);
    }

    static Exchange exchange(String key, String node) {
        return new Exchange(key, "\"id " + key + "\"", "mcp:s:" + key, node, "{\"ä\":1}", "tools/list", null);
    }

    final void create(String... ids) {
        for (String id : ids) {
            get(store.create(session(id), LONG));
        }
    }

    final Session find(String id) {
        return get(store.find(id)).orElseThrow();
    }

    final List<Exchange> opened(String id) {
        return get(store.open(id));
    }

    static String at(long epoch, long sequence) {
        return new Cursor(epoch, sequence).toString();
    }
}
