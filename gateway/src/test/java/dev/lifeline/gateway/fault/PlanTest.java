package dev.lifeline.gateway.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is written in the variable, and what comes of it. */
class PlanTest {

    @Test
    void aStepFailsAtTheTimeThatWasNamedAndAtNoOther() {
        Plan plan = Plan.of("append-answer:2:exception");

        assertThat(plan.reached(Step.APPEND_ANSWER)).isFalse();
        assertThat(plan.reached(Step.APPEND)).isFalse();
        assertThat(plan.reached(Step.APPEND_ANSWER)).isTrue();
        assertThat(plan.reached(Step.APPEND_ANSWER)).isFalse();
    }

    @Test
    void severalCanBeNamed() {
        Plan plan = Plan.of("append:1:exception, seam:1:exception");

        assertThat(plan.reached(Step.SEAM)).isTrue();
        assertThat(plan.reached(Step.APPEND)).isTrue();
        assertThat(plan).hasToString("append:1:exception,seam:1:exception");
    }

    @Test
    void nothingNamedIsNoPlan() {
        assertThat(Plan.of(null)).isNull();
        assertThat(Plan.of(" ")).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"append", "append:1", "append:0:kill", "append:x:kill", "nowhere:1:kill", "append:1:explode", ","
            })
    void whatNobodyCanTellIsRefused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Plan.of(text));
    }

    @Test
    void aProcessThatWasToldNothingFailsNowhere() {
        assertThat(Fault.armed()).isFalse();
        for (Step step : Step.values()) {
            assertThat(Fault.at(step)).isFalse();
            Fault.at(step, IllegalStateException::new);
        }
    }
}
