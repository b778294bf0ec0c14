package dev.lifeline.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A parser's life: fed, ended, refused, reset. What single streams tell is {@link WireScenarioTest}. */
class SseParserTest {

    private static final Bounds TIGHT = new Bounds(8, 8, 8);

    private final Listener listener = new Listener(TIGHT);
    private final SseParser parser = listener.parser;

    @Test
    void takesOnlyTheRangeItIsGiven() {
        byte[] bytes = bytes("xxdata:a\n\nxx");

        parser.feed(bytes, 2, bytes.length - 4);
        parser.feed(bytes, 0, 0);

        assertThat(listener.facts).containsExactly(new Fact.Arrived("", "message", "a"));
    }

    @Test
    void refusesARangeOutsideItsArray() {
        assertThatThrownBy(() -> parser.feed(new byte[3], 2, 2)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> parser.feed(new byte[3], -1, 2)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void doesNotKeepTheBytesItIsFed() {
        byte[] bytes = bytes("data:a");
        listener.feed(bytes);
        bytes[5] = 'b';
        listener.feed(bytes("\n\n"));

        assertThat(listener.facts).containsExactly(new Fact.Arrived("", "message", "a"));
    }

    @Test
    void goesOnWithTheNextStreamFromTheLastId() {
        listener.feed(bytes("id:1\ndata:a\n\nid:2\nevent:t\ndata:b\r"));
        parser.end();
        listener.feed(bytes("\ndata:c\n\n"));

        assertThat(listener.facts)
                .containsExactly(new Fact.Arrived("1", "message", "a"), new Fact.Arrived("1", "message", "c"));
        assertThat(parser.lastEventId()).isEqualTo("1");
    }

    @Test
    void startsFromTheIdItIsResetTo() {
        listener.feed(bytes("id:1\ndata:a\n\nid:2\ndata:b"));
        parser.reset("9");
        listener.feed(bytes("\n\ndata:c\n\n"));

        assertThat(listener.facts)
                .containsExactly(new Fact.Arrived("1", "message", "a"), new Fact.Arrived("9", "message", "c"));
        assertThat(parser.lastEventId()).isEqualTo("9");
    }

    @Test
    void namesTheBoundThatWasPassed() {
        assertThatExceptionOfType(SseLimitException.class)
                .isThrownBy(() -> feedToParser("data:123456789"))
                .withMessage("the stream holds more than 8 bytes of data")
                .satisfies(refusal -> assertThat(refusal.bound()).isEqualTo("data"));
    }

    @Test
    void staysRefusedAcrossTheEndUntilItIsReset() {
        listener.feed(bytes("id:1\ndata:a\n\nid:2\ndata:123456789"));
        parser.end();
        assertThatExceptionOfType(SseLimitException.class)
                .isThrownBy(() -> feedToParser("data:b\n\n"))
                .withCauseInstanceOf(SseLimitException.class)
                .satisfies(refusal -> assertThat(refusal.bound()).isEqualTo("data"));

        parser.reset(parser.lastEventId());
        listener.feed(bytes("data:c\n\n"));

        assertThat(listener.facts)
                .containsExactly(
                        new Fact.Arrived("1", "message", "a"),
                        new Fact.Refused("data"),
                        new Fact.Arrived("1", "message", "c"));
    }

    @Test
    void asksNothingOfASinkButToTakeEvents() {
        List<String> told = new ArrayList<>();
        SseParser plain = new SseParser(Bounds.DEFAULT, (id, type, data) -> told.add(id + type + data));
        byte[] bytes = bytes(":hi\nretry:5\nid:1\n\ndata:a\n\n");

        plain.feed(bytes, 0, bytes.length);

        assertThat(told).containsExactly("1messagea");
    }

    @Test
    void hasOnlyPositiveBounds() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Bounds(0, 1, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new Bounds(1, 0, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new Bounds(1, 1, 0));
    }

    private void feedToParser(String text) {
        parser.feed(bytes(text), 0, text.length());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
