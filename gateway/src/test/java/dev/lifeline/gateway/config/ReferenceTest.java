package dev.lifeline.gateway.config;

import static dev.lifeline.gateway.config.Reading.config;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The pages made of the table: the reference, the sample and the help. */
class ReferenceTest {

    @Test
    void theReferenceInTheDocsIsTheOneTheCodeWrites() throws Exception {
        Path page = Path.of("..", "docs", "configuration.md");

        assertThat(Files.readString(page))
                .as("docs/configuration.md is out of date; write it anew with: " + Reference.COMMAND)
                .isEqualTo(Reference.markdown());
    }

    @Test
    void theProgramThatWritesThePagePrintsIt() {
        PrintStream before = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        try {
            System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
            Reference.main(new String[0]);
        } finally {
            System.setOut(before);
        }

        assertThat(printed.toString(StandardCharsets.UTF_8)).isEqualTo(Reference.markdown());
    }

    @Test
    void theSampleFileIsValidAndChangesNothing(@TempDir Path folder) throws Exception {
        Path sample = Files.writeString(folder.resolve("sample.yaml"), Reference.sample());

        assertThat(config("--config", sample.toString())).isEqualTo(config());
    }

    @Test
    void everyOptionIsInTheReferenceAndInTheHelp() {
        for (Option<?> option : Options.ALL) {
            assertThat(Reference.markdown()).contains("| `" + option.key() + "` |", "`" + option.environment() + "`");
            assertThat(Help.text()).contains("  " + option.flag());
        }
    }

    @Test
    void helpFitsATerminalAndTellsDefaults() {
        assertThat(Help.text().lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(100));
        assertThat(Help.text())
                .contains("  --heartbeat-interval DURATION\n")
                .contains("  --cluster, --no-cluster\n")
                .contains("  --auth none|keys|jwt\n")
                .contains("Default 30s.");
    }
}
