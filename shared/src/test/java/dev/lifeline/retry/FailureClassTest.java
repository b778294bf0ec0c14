package dev.lifeline.retry;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which failures are worth another try. */
class FailureClassTest {

    @ParameterizedTest
    @CsvSource({
        "500, PASSING", "502, PASSING", "503, PASSING", "599, PASSING", "429, THROTTLED", "400, REFUSED",
                "401, REFUSED",
        "404, REFUSED", "408, REFUSED", "410, REFUSED", "499, REFUSED", "301, REFUSED", "204, UNREADABLE",
                "200, UNREADABLE"
    })
    void aStatusSaysWhatItIs(int status, FailureClass expected) {
        assertThat(FailureClass.ofStatus(status)).isEqualTo(expected);
    }

    @Test
    void onlyWhatMayChangeIsTriedAgain() {
        assertThat(List.of(FailureClass.values()).stream().filter(FailureClass::isRetried))
                .containsExactly(FailureClass.PASSING, FailureClass.THROTTLED);
    }

    @Test
    void readsRetryAfterInSeconds() {
        assertThat(FailureClass.retryAfter("0")).contains(Duration.ZERO);
        assertThat(FailureClass.retryAfter(" 120 ")).contains(Duration.ofSeconds(120));
        assertThat(FailureClass.retryAfter("999999999")).contains(Duration.ofHours(1));
        assertThat(FailureClass.retryAfter("9".repeat(50))).contains(Duration.ofHours(1));
        for (String other : new String[] {null, "", "-1", "1.5", "+3", "soon", "Fri, 28 Nov 2026 10:00:00 GMT", "٣"}) {
            assertThat(FailureClass.retryAfter(other)).as(other).isEmpty();
        }
    }
}
