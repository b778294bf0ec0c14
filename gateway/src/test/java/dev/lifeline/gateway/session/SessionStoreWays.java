package dev.lifeline.gateway.session;

import static dev.lifeline.gateway.redis.Facts.assertFails;
import static dev.lifeline.gateway.redis.Facts.eventually;
import static dev.lifeline.gateway.redis.Facts.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeline.gateway.session.Session.Transport;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The part of the contract about finding sessions by other things than their ids. */
abstract class SessionStoreWays extends SessionStoreUnderTest {

    @Test
    void findsLegacySessionsByWhereTheyCameFrom() {
        create("a", "b");
        get(store.create(session("modern", new Session.Owner("alice", Transport.STREAMABLE, "192.0.2.1", null)), LONG));
        get(store.create(session("hers", new Session.Owner("bob", Transport.LEGACY, "192.0.2.1", null)), LONG));
        get(store.create(session("there", new Session.Owner("alice", Transport.LEGACY, "192.0.2.2", null)), LONG));

        assertThat(get(store.from("alice", "192.0.2.1"))).containsExactlyInAnyOrder(session("a"), session("b"));
        assertThat(get(store.from("bob", "192.0.2.1"))).extracting(Session::id).containsExactly("hers");
        assertThat(get(store.from("bob", "192.0.2.2"))).isEmpty();
    }

    @Test
    void ofTooManyFromOnePlaceNoneIsMeant() {
        IntStream.range(0, SessionStore.MOST_OF_ONE_ORIGIN).forEach(i -> create("s" + i));
        assertThat(get(store.from("alice", "192.0.2.1"))).hasSize(SessionStore.MOST_OF_ONE_ORIGIN);

        create("one-more");

        assertThat(get(store.from("alice", "192.0.2.1"))).isEmpty();
        assertThat(get(store.find("one-more"))).isPresent();
    }

    @Test
    void findsTheNewestSessionByItsKey() {
        Session first = session("a", new Session.Owner("alice", Transport.STREAMABLE, "x", "key"));
        Session second = session("b", new Session.Owner("alice", Transport.LEGACY, "x", "key"));
        Session hers = session("c", new Session.Owner("bob", Transport.LEGACY, "x", "key"));
        for (Session session : List.of(first, second, hers)) {
            get(store.create(session, LONG));
        }
        get(store.refresh(Set.of("a"), LONG.multipliedBy(2)));

        assertThat(get(store.byKey("alice", "docs", "key"))).contains(second);
        assertThat(get(store.byKey("bob", "docs", "key"))).contains(hers);
        assertThat(get(store.byKey("alice", "other", "key"))).isEmpty();
        assertThat(get(store.byKey("alice", "docs", "yek"))).isEmpty();
        get(store.remove("b"));
        assertThat(get(store.byKey("alice", "docs", "key"))).isEmpty();
    }

    @Test
    void theWaysToASessionLastAsLongAsIt() {
        get(store.create(session("s", new Session.Owner("alice", Transport.LEGACY, "x", "key")), SHORT));

        for (int i = 0; i < 5; i++) {
            get(store.present("s", "n", SHORT.multipliedBy(3)));
            afterShort();
        }

        assertThat(get(store.from("alice", "x"))).hasSize(1);
        assertThat(get(store.byKey("alice", "docs", "key"))).isPresent();
    }

    @Test
    void tellsAllIdsPageByPageEachOnce() {
        List<String> all = IntStream.range(0, 600).mapToObj(i -> "s" + i).toList();
        get(Future.all(all.stream().map(id -> store.create(session(id), LONG)).toList()));
        get(Future.all(all.subList(100, 500).stream().map(store::remove).toList()));

        List<String> told = new ArrayList<>();
        SessionStore.Ids page = get(store.ids(null));
        told.addAll(page.ids());
        while (page.next() != null) {
            page = get(store.ids(page.next()));
            told.addAll(page.ids());
        }

        assertThat(told)
                .containsExactlyInAnyOrderElementsOf(all.stream()
                        .filter(id -> !all.subList(100, 500).contains(id))
                        .toList());
    }

    @Test
    void refusesSessionsBeyondItsBoundAndTakesThemWhenOthersAreGone() {
        SessionStore small = open(2);
        get(small.create(session("a"), LONG));
        get(small.create(session("b"), SHORT));
        assertFails(small.create(session("c"), LONG), TooManySessions.class, "no room for another session, of 2");
        assertThat(get(small.find("c"))).isEmpty();

        get(small.remove("a"));
        get(small.create(session("d"), LONG));
        eventually(() -> {
            afterShort();
            get(small.create(session("e"), LONG));
        });

        assertThat(get(small.ids(null)).ids()).containsExactlyInAnyOrder("d", "e");
        get(small.close());
    }

    @Test
    void remembersWhichNodesHaveAPartInWhat() {
        create("s", "t");
        assertThat(get(store.nodesInvolved())).isEmpty();

        get(store.involve("a", "s"));
        get(store.involve("a", "s"));
        get(store.involve("a", "t"));
        get(store.involve("b", "t"));

        assertThat(get(store.nodesInvolved())).containsExactlyInAnyOrder("a", "b");
        assertThat(get(store.involved("a"))).containsExactlyInAnyOrder("s", "t");
        assertThat(get(store.involved("c"))).isEmpty();
    }

    @Test
    void forgetsTheNodesOfForgottenSessions() {
        get(store.create(session("s"), SHORT));
        get(store.involve("a", "s"));

        afterShort();

        onceSwept(() -> assertThat(get(store.nodesInvolved())).isEmpty());
        assertThat(get(store.involved("a"))).isEmpty();
    }
}
