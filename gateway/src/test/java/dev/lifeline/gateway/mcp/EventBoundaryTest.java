package dev.lifeline.gateway.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Between events and nowhere else, however the bytes were cut. */
class EventBoundaryTest {

    @Test
    void beforeTheFirstByteIsBetween() {
        assertThat(new EventBoundary().isBetween()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "data: a, false",
        "data: a|, false",
        "data: a||, true",
        "data: a\\|\\|, true",
        "data: a\\|\\, false",
        "data: a\\|, false",
        "data: a||data: b, false",
        "data: a||: c|, false",
        "data: a||event: b|data: c||, true",
        "|, true"
    })
    void onlyABlankLineEndsAnEvent(String text, boolean between) {
        String bytes = text.replace('|', '\n').replace('\\', '\r');
        EventBoundary whole = new EventBoundary();
        whole.pass(Buffer.buffer(bytes));
        EventBoundary cut = new EventBoundary();
        bytes.chars().forEach(c -> cut.pass(Buffer.buffer(new byte[] {(byte) c})));

        assertThat(whole.isBetween()).isEqualTo(between);
        assertThat(cut.isBetween()).isEqualTo(between);
    }
}
