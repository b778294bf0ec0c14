package dev.lifeline.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeline.event.Event;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What must hold for events and streams nobody thought of. Streams grown from the data files: {@link FuzzTest}. */
class WirePropertyTest {

    private static final int ROUNDS = 4_000;
    private static final Bounds TIGHT = new Bounds(24, 8, 12);

    @Test
    void whatIsEncodedIsParsedBack() {
        Seeds.rounds(ROUNDS).forEach(seed -> {
            Random random = Seeds.random(seed);
            String id = random.nextInt(4) == 0 ? null : Mess.label(random, 6);
            String type = random.nextInt(4) == 0 ? Event.MESSAGE : "t" + Mess.label(random, 6);
            Event event = new Event(type, Mess.text(random, 40));
            byte[] bytes = random.nextBoolean() ? SseEncoder.event(id, event) : SseEncoder.named(id, event);

            assertThat(Listener.hear(Bounds.DEFAULT, bytes, Listener.cuts(random, bytes.length)))
                    .as("seed %d", seed)
                    .containsExactly(new Fact.Arrived(id == null ? "" : id, type, asRead(event.data())));
        });
    }

    @Test
    void whatIsEncodedInARowIsParsedBackInARow() {
        Seeds.rounds(ROUNDS / 10).forEach(seed -> {
            Random random = Seeds.random(seed);
            ByteArrayOutputStream stream = new ByteArrayOutputStream();
            List<Fact> sent = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                String data = Mess.text(random, 10);
                stream.writeBytes(SseEncoder.event("i" + i, Event.message(data)));
                stream.writeBytes(SseEncoder.comment("alive"));
                sent.add(new Fact.Arrived("i" + i, Event.MESSAGE, asRead(data)));
                sent.add(new Fact.Remark("alive"));
            }

            byte[] bytes = stream.toByteArray();
            assertThat(Listener.hear(Bounds.DEFAULT, bytes, Listener.cuts(random, bytes.length)))
                    .as("seed %d", seed)
                    .isEqualTo(sent);
        });
    }

    @Test
    void anyBytesTellWhatThePlainReadingTells() {
        Seeds.rounds(ROUNDS).forEach(seed -> {
            byte[] stream = Mess.stream(Seeds.random(seed), 60);
            Listener listener = new Listener(Bounds.DEFAULT);
            listener.feed(stream);

            assertThat(listener.withoutRemarks()).as("seed %d", seed).isEqualTo(PlainReading.read(stream));
        });
    }

    @Test
    void noCutChangesWhatAnyBytesTell() {
        Seeds.rounds(ROUNDS).forEach(seed -> {
            Random random = Seeds.random(seed);
            byte[] stream = Mess.stream(random, 60);
            Bounds bounds = random.nextBoolean() ? TIGHT : Bounds.DEFAULT;

            List<Fact> whole = Listener.hear(bounds, stream);
            for (int i = 0; i < 4; i++) {
                assertThat(Listener.hear(bounds, stream, Listener.cuts(random, stream.length)))
                        .as("seed %d", seed)
                        .isEqualTo(whole);
            }
        });
    }

    @Test
    void nothingToldIsEverLargerThanItsBound() {
        Seeds.rounds(ROUNDS).forEach(seed -> {
            byte[] stream = Mess.stream(Seeds.random(seed), 200);

            assertThat(Listener.hear(TIGHT, stream)).as("seed %d", seed).allMatch(WirePropertyTest::fits);
        });
    }

    @Test
    void anyBytesDecodeAsTheEncodingStandardSays() {
        Seeds.rounds(ROUNDS).forEach(seed -> {
            byte[] bytes = Mess.stream(Seeds.random(seed), 20);

            assertThat(Utf8.decode(bytes, bytes.length)).as("seed %d", seed).isEqualTo(PlainDecoding.decode(bytes));
        });
    }

    @Test
    void everyCharacterThereIsArrives() {
        for (int point = 0; point <= Character.MAX_CODE_POINT; point += 64) {
            StringBuilder text = new StringBuilder();
            for (int next = point; next < point + 64; next++) {
                text.appendCodePoint(next);
            }
            boolean surrogates = point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE;
            String data = surrogates ? "" : text.toString();

            assertThat(Listener.hear(Bounds.DEFAULT, SseEncoder.event(null, Event.message(data))))
                    .as("from U+%04X", point)
                    .containsExactly(new Fact.Arrived("", Event.MESSAGE, asRead(data)));
        }
    }

    private static String asRead(String data) {
        return data.replace("\r\n", "\n").replace('\r', '\n');
    }

    // A replacement character is longer than the byte it stands for, hence lengths in chars, of which a byte makes one.
    private static boolean fits(Fact fact) {
        if (fact instanceof Fact.Arrived arrived) {
            boolean labels = arrived.id().length() <= TIGHT.label() && typeFits(arrived.type());
            return labels && arrived.data().length() <= TIGHT.data();
        }
        return !(fact instanceof Fact.Remark remark) || remark.beginning().getBytes(UTF_8).length <= 3 * TIGHT.label();
    }

    private static boolean typeFits(String type) {
        return type.equals(Event.MESSAGE) || type.length() <= TIGHT.label();
    }
}
