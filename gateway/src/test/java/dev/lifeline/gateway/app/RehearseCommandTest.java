package dev.lifeline.gateway.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The start that is made for the JVM to watch. */
class RehearseCommandTest {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int run(String... args) {
        return new Main(new PrintStream(out, true), new PrintStream(err, true)).run(List.of(args), Map.of());
    }

    @Test
    void itComesToAnEndByItself() {
        assertThat(run("rehearse")).as(err.toString()).isZero();

        assertThat(out.toString()).isEqualTo("Rehearsed." + System.lineSeparator());
    }

    @Test
    void itTakesNoOptions() {
        assertThat(run("rehearse", "--port", "1")).isEqualTo(2);

        assertThat(err.toString()).contains("no options");
    }
}
