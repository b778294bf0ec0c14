package dev.lifeline.event;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The list of endings is a contract with clients, dashboards and logs: codes and labels do not change. */
class CloseReasonTest {

    @Test
    void keepsItsCodesAndLabels() {
        assertThat(CloseReason.values())
                .extracting(reason -> reason.code() + " " + reason.label() + " " + reason.comeBack())
                .containsExactly(
                        "1 client_left true",
                        "2 peer_lost true",
                        "3 stalled true",
                        "4 drained true",
                        "5 rotated true",
                        "6 paused true",
                        "101 credential_expired false",
                        "102 completed false",
                        "103 superseded false",
                        "104 session_ended false");
    }

    @ParameterizedTest
    @EnumSource
    void isALabelAMetricCanBear(CloseReason reason) {
        assertThat(reason.label()).matches("[a-z_]+");
    }
}
