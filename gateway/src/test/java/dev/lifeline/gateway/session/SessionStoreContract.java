package dev.lifeline.gateway.session;

import static dev.lifeline.gateway.redis.Facts.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeline.gateway.session.Session.Opening;
import dev.lifeline.gateway.session.Session.Presence;
import dev.lifeline.gateway.session.Session.Transport;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The laws of a {@link SessionStore}, which each store keeps. What befalls a store is tested with that store. */
abstract class SessionStoreContract extends SessionStoreWays {

    @Test
    void keepsWhatItWasGiven() {
        Opening opening = new Opening("{\"method\":\"initialize\"}", "2025-11-25", "cli \"ent\"", "1\n2", true);
        LinkState link = new LinkState(7, "node", "upstream's", "/messages?x=ä", "2025-06-18", "");
        Presence presence = new Presence("node", true, at(5, 6), Instant.ofEpochMilli(1_795_000_000_123L));
        Session full = new Session(
                "full", new Session.Owner("", Transport.SESSIONLESS, "::1", "k{e}y"), "docs", opening, link, presence);
        Session bare = session("bare", new Session.Owner("ålice\u0000", Transport.STREAMABLE, null, null));

        get(store.create(full, LONG));
        get(store.create(bare, LONG));

        assertThat(find("full")).isEqualTo(full);
        assertThat(find("bare")).isEqualTo(bare);
        assertThat(get(store.find("another"))).isEmpty();
        assertThat(opened("full")).isEmpty();
    }

    @Test
    void creatingTwiceIsLikeOnce() {
        create("s");
        get(store.introduce("s", new Opening("i", "r", "n", "v", false)));

        create("s");

        assertThat(find("s").opening().initialize()).isEqualTo("i");
        assertThat(get(store.ids(null)).ids()).containsExactly("s");
    }

    @Test
    void forgetsASessionThatNothingRefreshed() {
        get(store.create(session("brief"), SHORT));
        get(store.accept("brief", List.of(exchange("x", "n")), SHORT));
        create("other");

        afterShort();

        assertThat(get(store.find("brief"))).isEmpty();
        assertThat(opened("brief")).isEmpty();
        assertThat(get(store.accept("brief", List.of(exchange("y", "n")), LONG)))
                .isEmpty();
        assertThat(get(store.relink("brief", 0, LinkState.NONE))).isEmpty();
        assertThat(get(store.remove("brief"))).isFalse();
        assertThat(get(store.from("alice", "192.0.2.1"))).containsExactly(find("other"));
        assertThat(get(store.ids(null)).ids()).containsExactly("other");
        assertThat(get(store.refresh(List.of("brief", "other"), LONG))).containsExactly("brief");
    }

    @Test
    void whatComesForAForgottenSessionBringsNothingBack() {
        get(store.introduce("gone", new Opening("i", "r", "n", "v", true)));
        get(store.wish("gone", "level", "{}"));
        assertThat(get(store.wishes("gone"))).isEmpty();
        get(store.heard("gone", LinkState.NONE, "5"));
        get(store.heard("gone", "x", "5"));
        get(store.settle("gone", "x"));
        get(store.present("gone", "n", LONG));
        get(store.absent("gone", "n", at(1, 1)));
        get(store.written("gone", at(1, 1)));
        assertThat(get(store.takeOver("gone", "dead", "n"))).isEmpty();

        assertThat(get(store.find("gone"))).isEmpty();
        assertThat(opened("gone")).isEmpty();
        assertThat(get(store.ids(null))).isEqualTo(new SessionStore.Ids(List.of(), null));
    }

    @Test
    void keepsWhatAnUpstreamThatForgetsHasToBeToldAgain() {
        create("s", "t");
        get(store.wish("s", "level", "first"));
        get(store.wish("s", "level", "second"));
        get(store.wish("s", "subscription a", "a"));
        get(store.wish("s", "subscription b", "b"));
        get(store.wish("t", "level", "other"));
        get(store.wish("s", "subscription a", null));

        assertThat(get(store.wishes("s"))).containsExactlyInAnyOrder("second", "b");
        assertThat(get(store.find("s"))).contains(session("s"));

        get(store.remove("s"));
        create("s");
        assertThat(get(store.wishes("s"))).isEmpty();
    }

    @Test
    void aClientThatWishesWithoutEndIsKeptWithinBounds() {
        create("s");
        for (int i = 0; i < 2 * SessionStore.MOST_WISHES; i++) {
            get(store.wish("s", "subscription " + i, "x"));
        }

        assertThat(get(store.wishes("s"))).hasSizeBetween(1, SessionStore.MOST_WISHES);
    }

    @Test
    void whateverAClientDoesRefreshesItsSession() {
        for (String id : List.of("accepted", "present", "refreshed")) {
            get(store.create(session(id), SHORT));
        }
        get(store.accept("accepted", List.of(exchange("x", "n")), LONG));
        get(store.present("present", "n", LONG));
        assertThat(get(store.refresh(Set.of("refreshed"), LONG))).isEmpty();

        afterShort();

        assertThat(get(store.find("accepted"))).isPresent();
        assertThat(opened("accepted")).hasSize(1);
        assertThat(get(store.find("present"))).isPresent();
        assertThat(get(store.find("refreshed"))).isPresent();
    }

    @Test
    void keepsExchangesUntilTheyAreSettled() {
        create("s", "t");
        Exchange a = exchange("a", "n");
        Exchange b = new Exchange("b", "1", "mcp:s", "n", null, "tools/call", "e");

        assertThat(get(store.accept("s", List.of(a, b), LONG))).contains(session("s"));
        get(store.accept("t", List.of(exchange("a", "n")), LONG));
        get(store.accept("s", List.of(), LONG));
        get(store.heard("s", "a", "17"));
        assertThat(opened("s"))
                .containsExactlyInAnyOrder(
                        new Exchange("a", a.id(), a.stream(), "n", a.request(), a.method(), "17"), b);

        get(store.settle("s", "a"));
        get(store.settle("s", "a"));
        get(store.heard("s", "a", "18"));
        assertThat(opened("s")).containsExactly(b);
        assertThat(opened("t")).hasSize(1);
    }

    @Test
    void keepsAsManyExchangesAsABatchHas() {
        create("s");
        List<Exchange> many =
                IntStream.range(0, 1000).mapToObj(i -> exchange("k" + i, "n")).toList();

        get(store.accept("s", many, LONG));

        assertThat(opened("s")).containsExactlyInAnyOrderElementsOf(many);
    }

    @Test
    void changesHowTheClientIntroducedItself() {
        create("s");
        Opening opening = new Opening("i", "r", "n", "v", true);
        Opening less = new Opening("j", null, null, null, false);

        get(store.introduce("s", opening));
        assertThat(find("s").opening()).isEqualTo(opening);
        get(store.introduce("s", less));
        assertThat(find("s").opening()).isEqualTo(less);
        get(store.introduce("s", Opening.NONE));
        assertThat(find("s")).isEqualTo(session("s"));
    }

    @Test
    void ofTwoWhoChangeTheLinkTheFirstWins() {
        create("s");
        LinkState first = new LinkState(1, "a", "u", "/e", "r", "9");
        LinkState late = new LinkState(1, "b", null, null, null, null);
        LinkState next = new LinkState(2, "b", null, null, null, null);

        assertThat(get(store.relink("s", 0, first))).contains(first);
        assertThat(get(store.relink("s", 0, late))).contains(first);
        assertThat(get(store.relink("s", 0, first))).contains(first);
        assertThat(get(store.relink("s", 1, next))).contains(next);
        assertThat(find("s").link()).isEqualTo(next);
        assertThat(get(store.relink("another", 0, first))).isEmpty();
    }

    @Test
    void ofManyWhoChangeTheLinkAtOnceOneWins() {
        create("s");

        List<Future<Optional<LinkState>>> all = IntStream.range(0, 20)
                .mapToObj(i -> store.relink("s", 0, new LinkState(1, "n" + i, null, null, null, null)))
                .toList();

        get(Future.all(all));
        assertThat(all)
                .extracting(it -> it.result().orElseThrow())
                .containsOnly(find("s").link());
    }

    @Test
    void oneAtATimeMayBeginTheConversationAnew() {
        create("s");
        Duration time = Duration.ofMinutes(1);

        assertThat(get(store.claim("s", 0, "a", time))).isTrue();
        assertThat(get(store.claim("s", 0, "b", time))).isFalse();
        assertThat(get(store.claim("s", 0, "a", time))).isTrue();
        get(store.claim("s", 0, "a", Duration.ZERO));
        assertThat(get(store.claim("s", 0, "b", time))).isTrue();
    }

    @Test
    void whoComesTooLateMayNotBeginTheConversationAnew() {
        create("s");
        get(store.claim("s", 0, "a", Duration.ofMinutes(1)));
        get(store.relink("s", 0, new LinkState(1, "a", "u", null, null, null)));

        assertThat(get(store.claim("s", 0, "b", Duration.ofMinutes(1)))).isFalse();
        assertThat(get(store.claim("s", 0, "a", Duration.ofMinutes(1)))).isFalse();
        assertThat(get(store.claim("another", 0, "a", Duration.ofMinutes(1)))).isTrue();
    }

    @Test
    void whatWasBegunAnewIsAnybodysToBeginAgain() {
        create("s");
        Duration time = Duration.ofMinutes(1);
        get(store.claim("s", 0, "a", time));
        get(store.relink("s", 0, new LinkState(1, "a", "u", null, null, null)));

        assertThat(get(store.claim("s", 1, "b", time))).isTrue();
        assertThat(get(store.claim("s", 1, "a", time))).isFalse();
    }

    @Test
    void notesHowFarTheUpstreamWasHeard() {
        create("s");
        LinkState link = new LinkState(1, "a", "u", "/e", "r", null);
        get(store.relink("s", 0, link));

        get(store.heard("s", link, "12"));

        assertThat(find("s").link()).isEqualTo(new LinkState(1, "a", "u", "/e", "r", "12"));
    }

    @Test
    void doesNotNoteHowFarAnEarlierConversationWasHeard() {
        create("s");
        LinkState before = new LinkState(1, "a", "u", "/e", "r", null);
        LinkState now = new LinkState(2, "b", "v", "/e", "r", null);
        get(store.relink("s", 0, before));
        get(store.relink("s", 1, now));

        get(store.heard("s", before, "99"));

        assertThat(find("s").link()).isEqualTo(now);
    }

    @Test
    void knowsWhereTheClientListens() {
        create("s");

        get(store.present("s", "a", LONG));
        Presence here = find("s").presence();
        assertThat(here).isEqualTo(new Presence("a", true, null, here.changed()));
        assertThat(here.changed()).isAfter(Instant.EPOCH);

        get(store.present("s", "b", LONG));
        get(store.absent("s", "a", at(9, 9)));
        Presence there = find("s").presence();
        assertThat(there).isEqualTo(new Presence("b", true, null, there.changed()));

        get(store.absent("s", "b", at(9, 9)));
        Presence gone = find("s").presence();
        assertThat(gone).isEqualTo(new Presence("b", false, at(9, 9), gone.changed()));
        assertThat(gone.changed()).isAfterOrEqualTo(there.changed());
        get(store.absent("s", "b", null));
        assertThat(find("s").presence()).isEqualTo(gone);
    }

    @Test
    void theHighestPositionCounts() {
        create("s");
        List<String> rising = List.of(at(35, 9), at(35, 10), at(36, 2), at(1_795_000_000_000_001L, 0));

        for (int i = 0; i < rising.size(); i++) {
            get(store.written("s", rising.get(i)));
            assertThat(find("s").presence().written()).isEqualTo(rising.get(i));
            for (String lower : rising.subList(0, i)) {
                get(store.written("s", lower));
                assertThat(find("s").presence().written()).isEqualTo(rising.get(i));
            }
        }
        get(store.written("s", "no position"));
        get(store.present("s", "n", LONG));
        get(store.absent("s", "n", at(1, 1)));
        assertThat(find("s").presence().written()).isEqualTo(rising.get(3));
    }

    @Test
    void removesASessionOnceWithAllThatBelongsToIt() {
        create("s", "t");
        get(store.accept("s", List.of(exchange("x", "n")), LONG));
        get(store.involve("n", "s"));

        assertThat(get(store.remove("s"))).isTrue();

        assertThat(get(store.remove("s"))).isFalse();
        assertThat(get(store.find("s"))).isEmpty();
        assertThat(opened("s")).isEmpty();
        assertThat(get(store.ids(null)).ids()).containsExactly("t");
        assertThat(get(store.from("alice", "192.0.2.1"))).containsExactly(session("t"));
        onceSwept(() -> assertThat(get(store.nodesInvolved())).isEmpty());
    }

    @Test
    void givesTheExchangesOfADeadNodeToOneSurvivor() {
        create("s");
        Exchange x = exchange("x", "dead");
        Exchange y = exchange("y", "dead");
        Exchange z = exchange("z", "b");
        get(store.accept("s", List.of(x, y, z), LONG));
        get(store.involve("dead", "s"));

        assertThat(get(store.takeOver("s", "dead", "b"))).containsExactlyInAnyOrder(x.at("b"), y.at("b"));
        assertThat(get(store.takeOver("s", "dead", "c"))).isEmpty();

        assertThat(opened("s")).containsExactlyInAnyOrder(x.at("b"), y.at("b"), z);
        assertThat(get(store.involved("b"))).containsExactly("s");
        assertThat(get(store.involved("dead"))).containsExactly("s");
        get(store.leave("dead", "s"));
        assertThat(get(store.nodesInvolved())).doesNotContain("dead");
    }

    @Test
    void whoLostTheAnswerToATakeoverAsksAgain() {
        create("s");
        Exchange x = exchange("x", "dead");
        Exchange y = exchange("y", "dead");
        get(store.accept("s", List.of(x, y), LONG));
        get(store.takeOver("s", "dead", "b"));
        get(store.settle("s", "x"));

        assertThat(get(store.takeOver("s", "dead", "b"))).containsExactly(y.at("b"));

        assertThat(get(store.takeOver("s", "b", "c"))).containsExactly(y.at("c"));
        assertThat(get(store.takeOver("s", "dead", "b"))).isEmpty();
    }
}
