package dev.lifeline.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.lifeline.event.Event;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes out, byte for byte. That it comes back in is {@link WirePropertyTest}. */
class SseEncoderTest {

    @Test
    void writesIdTypeAndDataInThisOrder() {
        byte[] bytes = SseEncoder.event("1-7", new Event("tick", "now"));

        assertThat(bytes).asString(UTF_8).isEqualTo("id: 1-7\nevent: tick\ndata: now\n\n");
    }

    @Test
    void leavesTheDefaultTypeToTheReader() {
        byte[] bytes = SseEncoder.event("1-7", Event.message("now"));

        assertThat(bytes).asString(UTF_8).isEqualTo("id: 1-7\ndata: now\n\n");
    }

    @Test
    void namesTheDefaultTypeToThoseWhoNeedIt() {
        byte[] bytes = SseEncoder.named("1-7", Event.message("now"));

        assertThat(bytes).asString(UTF_8).isEqualTo("id: 1-7\nevent: message\ndata: now\n\n");
    }

    @Test
    void writesNoIdForNone() {
        byte[] bytes = SseEncoder.event(null, Event.message("now"));

        assertThat(bytes).asString(UTF_8).isEqualTo("data: now\n\n");
    }

    @Test
    void takesTheReadersIdBackWithAnEmptyOne() {
        byte[] bytes = SseEncoder.event("", Event.message("now"));

        assertThat(bytes).asString(UTF_8).isEqualTo("id:\ndata: now\n\n");
    }

    @Test
    void makesALineOfDataOfEachLine() {
        byte[] bytes = SseEncoder.event(null, Event.message("a\nb\rc\r\nd"));

        assertThat(bytes).asString(UTF_8).isEqualTo("data: a\ndata: b\ndata: c\ndata: d\n\n");
    }

    @Test
    void writesEmptyLinesWithoutTheSpaceThatKillsSomeReaders() {
        assertThat(SseEncoder.event(null, Event.message(""))).asString(UTF_8).isEqualTo("data:\n\n");
        assertThat(SseEncoder.event(null, Event.message("\r\n\n\r")))
                .asString(UTF_8)
                .isEqualTo("data:\ndata:\ndata:\ndata:\n\n");
    }

    @Test
    void writesUtf8() {
        byte[] bytes = SseEncoder.event("…", new Event("é", "豆腐😀"));

        assertThat(bytes).asString(UTF_8).isEqualTo("id: …\nevent: é\ndata: 豆腐😀\n\n");
    }

    @Test
    void writesAnUnpairedSurrogateAsAQuestionMark() {
        byte[] bytes = SseEncoder.event(null, Event.message("a\uD83Db"));

        assertThat(bytes).asString(UTF_8).isEqualTo("data: a?b\n\n");
    }

    @Test
    void asksForAWaitInMillis() {
        assertThat(SseEncoder.retry(Duration.ofSeconds(1))).asString(UTF_8).isEqualTo("retry: 1000\n\n");
        assertThat(SseEncoder.retry(Duration.ZERO)).asString(UTF_8).isEqualTo("retry: 0\n\n");
    }

    @Test
    void movesThePositionWithoutAnEvent() {
        assertThat(SseEncoder.position("1-7")).asString(UTF_8).isEqualTo("id: 1-7\n\n");
        assertThat(SseEncoder.position("")).asString(UTF_8).isEqualTo("id:\n\n");
    }

    @Test
    void writesACommentAsALoneLine() {
        assertThat(SseEncoder.comment("2026-11-21")).asString(UTF_8).isEqualTo(": 2026-11-21\n");
        assertThat(SseEncoder.comment("")).asString(UTF_8).isEqualTo(":\n");
    }

    @Test
    void asksForNoNegativeWait() {
        assertThatIllegalArgumentException().isThrownBy(() -> SseEncoder.retry(Duration.ofMillis(-1)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\rb", "a\nb", "\n", "a\0", "\r\ndata: injected\n\n"})
    void refusesWhatWouldBreakOutOfItsLine(String text) {
        Event event = Event.message("x");

        assertThatIllegalArgumentException().isThrownBy(() -> SseEncoder.event(text, event));
        assertThatIllegalArgumentException().isThrownBy(() -> SseEncoder.named(text, event));
        assertThatIllegalArgumentException().isThrownBy(() -> SseEncoder.position(text));
        assertThatIllegalArgumentException().isThrownBy(() -> SseEncoder.comment(text));
    }

    @Test
    void hasNoPositionWithoutAnId() {
        assertThatNullPointerException().isThrownBy(() -> SseEncoder.position(null));
    }
}
