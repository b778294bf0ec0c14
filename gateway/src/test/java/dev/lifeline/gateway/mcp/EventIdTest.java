package dev.lifeline.gateway.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeline.event.Cursor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an event is known by: read back as printed, or not at all. */
class EventIdTest {

    @Test
    void anIdIsReadBackAsItWasPrinted() {
        EventId id = new EventId("a.b_c-1", new Cursor(1_234_567, 89));

        assertThat(id).hasToString("a.b_c-1.qglj-89");
        assertThat(EventId.parse(id.toString())).contains(id);
    }

    @ParameterizedTest
    @NullAndEmptySource
    @ValueSource(
            strings = {
                ".",
                "a",
                "a.",
                ".1-1",
                "a.1-1 ",
                "a b.1-1",
                "a.1-01",
                "a.1--1",
                "a.-1-1",
                "a\u00e9.1-1",
                "1-1",
                "a.1-99999999999999999999",
                "a\n.1-1",
                "0.1",
                "a.1-1.",
                "a.Z-1"
            })
    void whatWasNotPrintedHereIsNone(String text) {
        assertThat(EventId.parse(text)).isEmpty();
    }

    @Test
    void aTextWithoutEndIsNone() {
        assertThat(EventId.parse("a".repeat(1_000_000) + ".1-1")).isEmpty();
    }
}
