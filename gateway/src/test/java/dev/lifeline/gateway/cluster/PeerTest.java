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
    private final Peer peer = new Peer("b", this::write, () -> now);

    private Future<Void> write(Buffer message) {
        Promise<Void> answer = Promise.promise();
        sent.add(message);
        answers.add(answer);
        return answer.future();
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

        assertThat(sent).containsExactly(RelayCodec.begin().appendString("onetwo"));
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
}
