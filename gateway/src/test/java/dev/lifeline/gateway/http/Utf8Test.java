package dev.lifeline.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.vertx.core.buffer.Buffer;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Text that is taken as it is, and bytes that are no text. */
class Utf8Test {

    @ParameterizedTest
    @ValueSource(strings = {"", "plain", "ünïcödé", "豆腐 🦫", "a\u0000b", "\u007f\u0080", "\uFEFFwith a mark"})
    void textComesBackAsItWas(String text) {
        assertThat(Utf8.decode(Buffer.buffer(text))).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ff", "c328", "c0af", "eda080", "f4908080", "61e282", "80"})
    void whatIsNoTextIsNotMended(String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex);

        assertThat(catchThrowableOfType(Problem.class, () -> Utf8.decode(bytes)).slug())
                .isEqualTo("bad-utf8");
    }

    @Test
    void bytesAndBuffersAreReadAlike() {
        assertThat(Utf8.decode(new byte[] {'o', 'k'})).isEqualTo("ok");
    }
}
