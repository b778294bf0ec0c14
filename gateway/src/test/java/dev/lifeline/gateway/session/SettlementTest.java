package dev.lifeline.gateway.session;

import static dev.lifeline.gateway.session.Settlement.Verdict.LATER;
import static dev.lifeline.gateway.session.Settlement.Verdict.MAY_HAVE_RUN;
import static dev.lifeline.gateway.session.Settlement.Verdict.NOT_RUN;
import static dev.lifeline.gateway.session.Settlement.Verdict.RENEW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeline.gateway.rpc.MessageReader;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Law 8 as a table. */
class SettlementTest {

    private static final Duration EARLY = Duration.ofSeconds(1);
    private static final Duration LATE = Duration.ofSeconds(31);

    private final Settlement settlement = new Settlement(Duration.ofSeconds(30), 4);
    private final MessageReader reader = new MessageReader(64);

    @ParameterizedTest
    @EnumSource(Ending.class)
    void whatMayHaveRunIsNeverSentAgainUnlessThatDoesNoHarm(Ending ending) {
        Settlement.Verdict verdict = settlement.after(ending, false, 1, EARLY);

        if (ending.mayHaveRun()) {
            assertThat(verdict).isEqualTo(MAY_HAVE_RUN);
        } else {
            assertThat(verdict).isNotEqualTo(MAY_HAVE_RUN);
        }
    }

    @Test
    void aReadThatWasLostIsAskedAgainAFewTimes() {
        assertThat(settlement.after(Ending.LOST, true, 1, EARLY)).isEqualTo(LATER);
        assertThat(settlement.after(Ending.LOST, true, 4, EARLY)).isEqualTo(MAY_HAVE_RUN);
    }

    @Test
    void whatNeverReachedTheUpstreamWaitsForItAsLongAsThereIsPatience() {
        assertThat(settlement.after(Ending.NOT_SENT, false, 100, EARLY)).isEqualTo(LATER);
        assertThat(settlement.after(Ending.NOT_SENT, true, 1, LATE)).isEqualTo(NOT_RUN);
    }

    @Test
    void aForgottenSessionIsBegunAnewAFewTimes() {
        assertThat(settlement.after(Ending.FORGOTTEN, false, 1, LATE)).isEqualTo(RENEW);
        assertThat(settlement.after(Ending.FORGOTTEN, false, 4, EARLY)).isEqualTo(NOT_RUN);
    }

    @Test
    void aRefusalIsFinal() {
        assertThat(settlement.after(Ending.REFUSED, true, 1, EARLY)).isEqualTo(NOT_RUN);
    }

    @ParameterizedTest
    @CsvSource({
        "tools/list, , true",
        "resources/read, , true",
        "resources/templates/list, , true",
        "ping, , true",
        "prompts/get, , true",
        "tools/call, search, true",
        "tools/call, pay, false",
        "tools/call, , false",
        "tasks/create, search, false"
    })
    void readsAndToolsThatSayTheyAreSafeMayRunTwice(String method, String tool, boolean repeatable) {
        String params = tool == null ? "{}" : "{\"name\":\"" + tool + "\"}";
        String text = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"" + method + "\",\"params\":" + params + "}";

        assertThat(Settlement.isRepeatable(reader.readOne(text), Set.of("search")))
                .isEqualTo(repeatable);
    }
}
