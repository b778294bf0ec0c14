package dev.lifeline.gateway.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What is missing of a line of numbered messages. */
class LinesTest {

    private final Lines lines = new Lines();

    @Test
    void aLineIsWholeFromItsFirstMessageOn() {
        assertThat(lines.continues(1, 0)).isTrue();
        assertThat(lines.continues(1, 1)).isTrue();
        assertThat(lines.reaches(1, 2)).isTrue();
        assertThat(lines.continues(2, 1)).isFalse();
        assertThat(lines.reaches(3, 0)).isTrue();
    }

    @Test
    void aMissingMessageIsMissedOnce() {
        lines.continues(1, 0);

        assertThat(lines.continues(1, 2)).isFalse();
        assertThat(lines.continues(1, 3)).isTrue();
        assertThat(lines.reaches(1, 5)).isFalse();
        assertThat(lines.reaches(1, 5)).isTrue();
        assertThat(lines.continues(1, 5)).isTrue();
    }

    @Test
    void onlySoManyLinesAreRemembered() {
        for (int line = 0; line <= Lines.MOST; line++) {
            lines.continues(line, 0);
        }

        assertThat(lines.continues(0, 1)).isFalse();
        assertThat(lines.continues(Lines.MOST, 1)).isTrue();
    }
}
