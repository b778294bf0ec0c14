package dev.lifeline.gateway.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is sent to a node that takes it, to one that does not, and to one that is not there. */
class PeerTest {

    private static final Buffer LARGE = Buffer.buffer(new byte[Peer.MESSAGE_BYTES]);
    private static final int FULL = (int) (Peer.MOST_UNDER_WAY / Peer.MESSAGE_BYTES);

    private final List<Buffer> sent = new ArrayList<>();
    private final List<Promise<Void>> answers = new ArrayList<>();
    private long now = 1_000_000;
    private final Peer peer = new Peer("b", new Way(), () -> now);
    private final List<Buffer> asked = new ArrayList<>();
    private final List<Promise<Void>> confirmations = new ArrayList<>();

    private final class Way implements Peer.Way {

        @Override
        public Future<Void> write(Buffer message) {
            Promise<Void> answer = Promise.promise();
            sent.add(message);
            answers.add(answer);
            return answer.future();
        }

        @Override
        public Future<Void> ask(Buffer question) {
            Promise<Void> answer = Promise.promise();
            asked.add(question);
            confirmations.add(answer);
            return answer.future();
        }
    }

    private void confirm() {
        now += Peer.PAUSE;
        peer.turn();
        confirmations.get(confirmations.size() - 1).complete();
    }

    private static String runs(Buffer message) {
        return message.getString(RelayCodec.begin(0, 0).length(), message.length());
    }

    private void takeLarge(int times) {
        for (int i = 0; i < times; i++) {
            peer.take(LARGE);
        }
    }

    @Test
    void theRunsOfATurnGoAsOneMessage() {
        peer.take(Buffer.buffer("one"));
        peer.take(Buffer.buffer("two"));
        assertThat(sent).isEmpty();

        peer.send();

        assertThat(sent).extracting(PeerTest::runs).containsExactly("onetwo");
    }

    @Test
    void messagesAreNumberedAlsoThoseThatAreDropped() {
        peer.take(LARGE);
        answers.get(0).fail("no handlers");
        peer.take(LARGE);
        now += Peer.PAUSE;
        peer.take(LARGE);

        assertThat(sent).extracting(RelayCodec::number).containsExactly(0L, 2L);
        assertThat(sent).extracting(RelayCodec::line).containsOnly(RelayCodec.line(sent.get(0)));
    }

    @Test
    void whenNothingFollowsTheNodeIsAskedOnceWhetherItHasEverything() {
        peer.take(LARGE);
        answers.get(0).complete();
        peer.turn();
        assertThat(asked).isEmpty();
        assertThat(peer.isIdle()).isFalse();

        now += Peer.QUIET;
        peer.turn();
        peer.turn();
        assertThat(asked).hasSize(1);
        assertThat(RelayCodec.number(asked.get(0))).isEqualTo(1);
        confirmations.get(0).complete();

        assertThat(peer.isIdle()).isTrue();
    }

    @Test
    void aNodeThatDoesNotAnswerIsAskedAgainUntilItDoes() {
        peer.take(LARGE);
        answers.get(0).fail("connection closed");
        for (int i = 0; i < 3; i++) {
            now += Peer.PAUSE;
            peer.turn();
            confirmations.get(i).fail("timeout");
            peer.turn();
        }
        assertThat(asked).hasSize(3);

        confirm();

        assertThat(asked).hasSize(4);
        assertThat(peer.isIdle()).isTrue();
    }

    @Test
    void whatIsSentWhileTheNodeIsAskedIsAskedForTheNextTime() {
        peer.take(LARGE);
        answers.get(0).complete();
        now += Peer.QUIET;
        peer.turn();
        peer.take(LARGE);
        answers.get(1).complete();
        confirmations.get(0).complete();
        assertThat(peer.isIdle()).isFalse();

        confirm();

        assertThat(peer.isIdle()).isTrue();
        assertThat(RelayCodec.number(asked.get(1))).isEqualTo(2);
    }

    @Test
    void aNodeThatStaysAwayIsGivenUp() {
        peer.take(LARGE);
        answers.get(0).complete();

        now += Peer.ASK_AT_MOST + 1;
        peer.turn();

        assertThat(asked).isEmpty();
        assertThat(peer.isIdle()).isTrue();
    }

    @Test
    void aLargeMessageDoesNotWaitForTheEndOfTheTurn() {
        peer.take(LARGE);

        assertThat(sent).hasSize(1);
    }

    @Test
    void aNodeThatTakesNothingIsSentOnlySoMuch() {
        takeLarge(10 * FULL);

        assertThat(sent).hasSizeLessThanOrEqualTo(FULL);
        assertThat(peer.isIdle()).isFalse();
    }

    @Test
    void aNodeThatTakesItsMessagesIsSentMore() {
        takeLarge(10 * FULL);
        int before = sent.size();

        answers.forEach(Promise::complete);
        takeLarge(1);

        assertThat(sent).hasSize(before + 1);
    }

    @Test
    void writesThatAreNeverAnsweredAreForgottenAndAnsweredLateDoNotCountTwice() {
        takeLarge(10 * FULL);
        int before = sent.size();
        now += Peer.FORGET + 1;

        takeLarge(1);
        answers.subList(0, before).forEach(Promise::complete);

        assertThat(sent).hasSize(before + 1);
        assertThat(peer.isIdle()).isFalse();
        answers.get(before).complete();
        confirm();
        assertThat(peer.isIdle()).isTrue();
    }

    @Test
    void aNodeThatIsNotThereIsLeftAloneForAWhile() {
        peer.take(Buffer.buffer("one"));
        peer.send();
        answers.get(0).fail("no handlers");
        peer.take(Buffer.buffer("two"));
        peer.send();
        assertThat(sent).hasSize(1);
        assertThat(peer.isIdle()).isFalse();

        now += Peer.PAUSE + 1;
        peer.take(Buffer.buffer("three"));
        peer.send();

        assertThat(sent).hasSize(2);
    }

    @Test
    void aBusThatThrowsHasFailed() {
        List<Buffer> tried = new ArrayList<>();
        Peer.Way broken = new Peer.Way() {
            @Override
            public Future<Void> write(Buffer message) {
                tried.add(message);
                throw new IllegalStateException("Promise already completed");
            }

            @Override
            public Future<Void> ask(Buffer message) {
                tried.add(message);
                throw new IllegalStateException("Promise already completed");
            }
        };
        Peer unlucky = new Peer("c", broken, () -> now);

        unlucky.take(LARGE);
        unlucky.take(LARGE);
        assertThat(tried).hasSize(1);
        now += Peer.PAUSE;
        unlucky.turn();
        unlucky.turn();

        assertThat(tried).hasSize(2);
    }
}
