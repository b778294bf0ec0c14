package dev.lifeline.gateway.log;

import static dev.lifeline.gateway.redis.Facts.assertFails;
import static dev.lifeline.gateway.redis.Facts.failure;
import static dev.lifeline.gateway.redis.Facts.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeline.event.Cursor;
import dev.lifeline.gateway.log.Attach.Claim;
import dev.lifeline.gateway.log.Attached.Standing;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The laws of a {@link Log} about streams that have one reader, and about streams that are removed. */
abstract class ClaimContract extends LogUnderTest {

    private static final long ONE = 11;
    private static final long TWO = -22;

    final Attached take(long reader) {
        return claim(Claim.take(reader));
    }

    private Attached takeLate(long reader, Duration age) {
        return claim(new Claim(reader, 0, age, null));
    }

    final Attached renew(long reader, long fence) {
        return claim(new Claim(reader, fence, Duration.ZERO, null));
    }

    private Attached claim(Claim claim) {
        return get(log.attach(new Attach("s", null, claim)));
    }

    @Test
    void givesAStreamToWhoeverTakesItAndAHigherFenceToTheNext() {
        logKeeping(10);
        Cursor a = append("a").first();

        Attached first = take(ONE);
        Attached second = take(TWO);

        assertThat(first).isEqualTo(new Attached(Standing.HELD, a, first.fence(), List.of()));
        assertThat(second.standing()).isEqualTo(Standing.HELD);
        assertThat(second.fence()).isGreaterThan(first.fence()).isPositive();
        assertThat(append("b").nodes()).containsExactly(HERE);
    }

    @Test
    void tellsHimWhoRenewsThatHeStillHasItOrWhoHas() {
        logKeeping(10);
        long first = take(ONE).fence();

        assertThat(renew(ONE, first))
                .isEqualTo(new Attached(Standing.HELD, read(null).tail(), first, List.of()));
        long second = take(TWO).fence();

        assertThat(renew(ONE, first).standing()).isEqualTo(Standing.SUPERSEDED);
        assertThat(renew(ONE, first).fence()).isEqualTo(second);
        assertThat(renew(TWO, second).standing()).isEqualTo(Standing.HELD);
    }

    @Test
    void tellsTheFenceToWhoeverReads() {
        logKeeping(10);
        assertThat(read(null).fence()).isZero();

        long fence = take(ONE).fence();

        assertThat(read(null).fence()).isEqualTo(fence);
        append("a");
        assertThat(read(null).fence()).isEqualTo(fence);
    }

    @Test
    void takesNothingFromOneThatCameLater() {
        logKeeping(10);
        long second = take(TWO).fence();

        Attached late = takeLate(ONE, LONG);

        assertThat(late.standing()).isEqualTo(Standing.SUPERSEDED);
        assertThat(late.fence()).isEqualTo(second);
        assertThat(renew(TWO, second).standing()).isEqualTo(Standing.HELD);
        after(
                SHORT,
                () -> assertThat(takeLate(ONE, SHORT.dividedBy(2)).standing()).isEqualTo(Standing.HELD));
    }

    @Test
    void recognisesOneWhoseAnswerWasLost() {
        logKeeping(10);
        long fence = take(ONE).fence();

        Attached again = takeLate(ONE, LONG);

        assertThat(again.standing()).isEqualTo(Standing.HELD);
        assertThat(again.fence()).isEqualTo(fence);
    }

    @Test
    void believesTheHighestFenceItIsToldOfWhenItHasForgotten() {
        logKeeping(10);

        assertThat(renew(ONE, 5).standing()).isEqualTo(Standing.HELD);
        assertThat(renew(TWO, 9).standing()).isEqualTo(Standing.HELD);

        assertThat(renew(ONE, 5).standing()).isEqualTo(Standing.SUPERSEDED);
        assertThat(read(null).fence()).isEqualTo(9);
        assertThat(take(ONE).fence()).isGreaterThan(9);
    }

    @Test
    void beginsANewEpochWhenOneWhoTakesRemembersMore() {
        logKeeping(10);
        Cursor a = append("a").first();

        Cursor tail =
                get(log.attach(new Attach("s", a.plus(3), Claim.take(ONE)))).tail();

        assertThat(tail.epoch()).isGreaterThan(a.epoch());
    }

    @Test
    void believesHimWhoseStreamItIsWhatHeHeard() {
        logKeeping(10);
        Cursor a = append("a").first();

        Cursor tail = claim(new Claim(ONE, 0, Duration.ZERO, a.plus(3))).tail();

        assertThat(tail.epoch()).isGreaterThan(a.epoch());
        Page page = read(a.plus(3));
        assertThat(page.gap().reason()).isEqualTo(Gap.Reason.EPOCH);
        assertThat(page.events()).isEmpty();
        assertThat(append("b").first()).isEqualTo(tail.successor());
    }

    @Test
    void believesNothingOfOtherEpochs() {
        logKeeping(10);
        Cursor a = append("a").first();

        Cursor tail = claim(new Claim(ONE, 0, Duration.ZERO, new Cursor(Long.MAX_VALUE, 7)))
                .tail();

        assertThat(tail).isEqualTo(a);
        assertThat(claim(new Claim(ONE, 0, Duration.ZERO, a)).tail()).isEqualTo(a);
    }

    @Test
    void forgetsAStreamThatIsRemoved() {
        logKeeping(10);
        Cursor a = appendUnder("k", "a", "b").first();
        long fence = take(ONE).fence();

        assertThat(get(log.remove("s", List.of("k")))).isEmpty();

        Page page = read(a);
        assertThat(page.gap().reason()).isEqualTo(Gap.Reason.EPOCH);
        assertThat(page.events()).isEmpty();
        assertThat(page.fence()).isZero();
        Appended again = appendUnder("k", "a");
        assertThat(again.repeated()).isFalse();
        assertThat(again.nodes()).isEmpty();
        assertThat(again.first().epoch()).isGreaterThan(a.epoch());
        assertThat(take(TWO).fence()).isGreaterThan(fence);
    }

    @Test
    void removesWhatNeverWas() {
        logKeeping(10);

        assertThat(get(log.remove("nobody wrote to it", List.of()))).isEmpty();
    }

    /** For logs of several nodes: {@code other} is the same log as another node has it. */
    final void tellsOtherNodesThatTheyAreSupersededOrTheirStreamRemoved(Log other) {
        Attached first = take(ONE);
        Attached second = get(other.attach(new Attach("s", null, Claim.take(TWO))));
        assertThat(second.before()).containsExactly(HERE);
        assertThat(append("a").nodes()).containsExactly("there");
        assertThat(renew(ONE, first.fence()).standing()).isEqualTo(Standing.SUPERSEDED);
        assertThat(append("b").nodes()).containsExactly("there");

        assertThat(get(log.remove("s", List.of()))).containsExactly("there");
        Claim renewed = new Claim(TWO, second.fence(), Duration.ZERO, null);

        assertThat(get(other.attach(new Attach("s", null, renewed))))
                .isEqualTo(new Attached(Standing.REMOVED, null, 0, List.of()));
        assertFails(other.read("s", null, MANY), LogUnavailable.class, "the stream was removed");
        assertThat(get(other.remove("s", List.of()))).isEmpty();
        assertThat(failure(log.read("s", null, MANY))).isInstanceOf(LogUnavailable.class);
        assertThat(append("c").first().sequence()).isEqualTo(1);
        assertThat(get(other.attach(new Attach("s", null, renewed))).standing()).isEqualTo(Standing.HELD);
    }
}
