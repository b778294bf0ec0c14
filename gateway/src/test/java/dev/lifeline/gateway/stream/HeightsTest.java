package dev.lifeline.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeline.event.Cursor;
import org.junit.jupiter.api.Test;

/** What is remembered of streams without readers, and for how long. */
class HeightsTest {

    private static final Cursor ONE = new Cursor(7, 1);
    private static final Cursor TWO = new Cursor(7, 2);

    private final Heights heights = new Heights(2);

    @Test
    void theHighestIsRemembered() {
        heights.rise("a", TWO);
        heights.rise("a", ONE);

        assertThat(heights.of("a")).isEqualTo(TWO);
    }

    @Test
    void whatWasNotWrittenToForLongestIsForgottenFirst() {
        heights.rise("a", ONE);
        heights.rise("b", ONE);
        heights.rise("a", TWO);
        heights.rise("c", ONE);

        assertThat(heights.of("b")).isNull();
        assertThat(heights.of("a")).isEqualTo(TWO);
        assertThat(heights.of("c")).isEqualTo(ONE);
    }
}
