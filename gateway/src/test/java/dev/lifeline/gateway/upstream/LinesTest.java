package dev.lifeline.gateway.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Lines within bounds. */
class LinesTest {

    private static List<String> read(int longest, String... parts) throws IOException {
        var in = new SequenceInputStream(Collections.enumeration(Arrays.stream(parts)
                .map(part -> new ByteArrayInputStream(part.getBytes(StandardCharsets.UTF_8)))
                .toList()));
        Lines lines = new Lines(in, longest);
        List<String> all = new ArrayList<>();
        for (byte[] line = lines.next(); line != null; line = lines.next()) {
            all.add(line == Lines.TOO_LONG ? "too long" : new String(line, StandardCharsets.UTF_8));
        }
        return all;
    }

    @Test
    void linesComeWholeHoweverTheyWereCut() throws IOException {
        assertThat(read(100, "one\nt", "w", "o\r\n\n\r\nthr", "ee\n")).containsExactly("one", "two\r", "three");
    }

    @Test
    void whatNoLineEndCameForIsNoLine() throws IOException {
        assertThat(read(100, "one\ntwo")).containsExactly("one");
    }

    @Test
    void aLineThatIsTooLongIsPassedOver() throws IOException {
        assertThat(read(5, "12345\n123456\nok\n", "1234", "56", "78\nok\n"))
                .containsExactly("12345", "too long", "ok", "too long", "ok");
    }

    @Test
    void aLongLineLeavesNoMemoryBehind() throws IOException {
        assertThat(read(1 << 20, "x".repeat(100_000) + "\nshort\n"))
                .extracting(String::length)
                .containsExactly(100_000, 5);
    }
}
