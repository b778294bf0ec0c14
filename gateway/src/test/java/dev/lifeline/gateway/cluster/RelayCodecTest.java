package dev.lifeline.gateway.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lifeline.event.Cursor;
import dev.lifeline.event.Event;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Relayed events as bytes, there and back, and what becomes of bytes that nobody should have sent. */
class RelayCodecTest {

    private record Run(String stream, Cursor first, List<Event> events) {}

    private static final Run PLAIN =
            new Run("channel:demo", new Cursor(7, 41), List.of(Event.message("one"), new Event("tick", "zwei\n§ 🐟")));
    private static final Run SINGLE = new Run("channel:other", Cursor.origin(1), List.of(Event.message("")));

    private static final int HEADER = 17;

    private final List<Run> delivered = new ArrayList<>();
    private final List<String> nudged = new ArrayList<>();

    private static Buffer begin() {
        return RelayCodec.begin(-7, 3);
    }

    private static Buffer encoded(Run run) {
        return RelayCodec.encode(run.stream(), run.first(), run.events());
    }

    private void decode(Buffer message) {
        RelayCodec.decode(message, new RelayCodec.Sink() {
            @Override
            public void deliver(String stream, Cursor first, List<Event> events) {
                delivered.add(new Run(stream, first, events));
            }

            @Override
            public void nudge(String stream) {
                nudged.add(String.valueOf(stream));
            }
        });
    }

    /** A run with one event, whose number of events and length of data say what they like. */
    private static Buffer lying(int count, int dataLength) {
        return begin().appendByte((byte) 0)
                .appendInt(1)
                .appendString("s")
                .appendLong(1)
                .appendLong(1)
                .appendInt(count)
                .appendInt(1)
                .appendString("t")
                .appendInt(dataLength)
                .appendString("data");
    }

    @Test
    void whatWasEncodedIsDecodedRunByRun() {
        decode(begin().appendBuffer(encoded(PLAIN)).appendBuffer(encoded(SINGLE)));

        assertThat(delivered).containsExactly(PLAIN, SINGLE);
    }

    @Test
    void nudgesGoBetweenEvents() {
        decode(begin().appendBuffer(RelayCodec.nudge("channel:demo"))
                .appendBuffer(encoded(PLAIN))
                .appendBuffer(RelayCodec.nudge(null)));

        assertThat(delivered).containsExactly(PLAIN);
        assertThat(nudged).containsExactly("channel:demo", "null");
    }

    @Test
    void aMessageSaysWhichOfItsLineItIs() {
        assertThat(RelayCodec.line(begin())).isEqualTo(-7);
        assertThat(RelayCodec.number(begin())).isEqualTo(3);
    }

    @Test
    void runsOfNoKnownKindAreRefused() {
        assertThatThrownBy(() -> decode(begin().appendByte((byte) 9))).hasMessageContaining("kind 9");
    }

    @Test
    void aMessageOfAnotherVersionIsNotTakenApart() {
        Buffer message = begin().appendBuffer(encoded(PLAIN)).setByte(0, (byte) 1);

        assertThatThrownBy(() -> decode(message)).hasMessageContaining("version 1");
        assertThat(delivered).isEmpty();
    }

    @Test
    void anEmptyMessageIsRefusedAndOneWithoutRunsSaysNothing() {
        assertThatThrownBy(() -> decode(Buffer.buffer())).isInstanceOf(IllegalArgumentException.class);

        decode(begin());

        assertThat(delivered).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, Integer.MIN_VALUE, 5, 1_000_000_000, Integer.MAX_VALUE})
    void aLengthThatLeavesTheMessageIsRefused(int length) {
        assertThatThrownBy(() -> decode(lying(1, length))).isInstanceOf(IllegalArgumentException.class);
        assertThat(delivered).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, Integer.MIN_VALUE, 2, Integer.MAX_VALUE})
    void aNumberOfEventsThatCannotBeIsRefusedBeforeAnythingIsAllocated(int count) {
        assertThatThrownBy(() -> decode(lying(count, 4))).isInstanceOf(IllegalArgumentException.class);
        assertThat(delivered).isEmpty();
    }

    @Test
    void aMessageCutOffAnywhereDeliversOnlyWholeRuns() {
        Buffer whole = begin().appendBuffer(encoded(SINGLE)).appendBuffer(encoded(PLAIN));
        int firstEnds = HEADER + encoded(SINGLE).length();

        for (int length = firstEnds + 1; length < whole.length(); length++) {
            Buffer cut = whole.slice(0, length);
            delivered.clear();
            assertThatThrownBy(() -> decode(cut)).isInstanceOf(RuntimeException.class);
            assertThat(delivered).containsExactly(SINGLE);
        }
    }

    @Test
    void noiseIsRefusedOrHarmless() {
        Random noise = new Random(42);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = encoded(PLAIN).getBytes();
            for (int flips = 1 + noise.nextInt(4); flips > 0; flips--) {
                bytes[noise.nextInt(bytes.length)] = (byte) noise.nextInt();
            }
            try {
                decode(begin().appendBytes(bytes));
            } catch (IllegalArgumentException refused) {
                continue;
            }
        }
        assertThat(delivered).allSatisfy(run -> assertThat(run.events()).isNotEmpty());
    }
}
