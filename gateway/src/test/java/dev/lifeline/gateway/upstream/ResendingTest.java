package dev.lifeline.gateway.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What counts as sent again though its id is new. */
class ResendingTest {

    private static final String CHANGED = "{\"method\":\"notifications/tools/list_changed\"}";

    private final Resending resending = new Resending();
    private long now;

    private List<String> passed(String... events) {
        return Arrays.stream(events)
                .filter(event -> !resending.has(event.startsWith("known "), event.replace("known ", ""), now))
                .map(event -> event.replace("known ", ""))
                .toList();
    }

    @Test
    void aRunOfTheLastEventsUnderNewIdsIsDropped() {
        assertThat(passed("1", "2", "3", "4")).containsExactly("1", "2", "3", "4");
        resending.asked(now);

        assertThat(passed("3", "4", "5", "6")).containsExactly("5", "6");
    }

    @Test
    void someMayHaveTheirOldIds() {
        passed("1", "2", "3", "4");
        resending.asked(now);

        assertThat(passed("known 1", "2", "known 3", "4", "5")).containsExactly("5");
    }

    @Test
    void whatComesLaterMayBeTheSameAndCounts() {
        passed("1", "2", "3");
        resending.asked(now);

        assertThat(passed("4", "2", "3")).containsExactly("4", "2", "3");
    }

    @Test
    void whatComesLongAfterTheReconnectCounts() {
        passed("1", "2", "3");
        resending.asked(now);
        now += TimeUnit.SECONDS.toNanos(6);

        assertThat(passed("3")).containsExactly("3");
    }

    @Test
    void whatIsSaidOftenIsNotTakenForARepetition() {
        passed("tick", "tick", "tick");
        resending.asked(now);

        assertThat(passed("tick")).containsExactly("tick");
    }

    @Test
    void thatSomethingHasChangedIsAlwaysPassedOn() {
        passed("1", CHANGED, "2");
        resending.asked(now);

        assertThat(passed("1", CHANGED, "2", "3")).containsExactly(CHANGED, "3");
    }

    @Test
    void withoutAReconnectNothingIsARepetitionButWhatIsKnown() {
        assertThat(passed("1", "1", "known 1", "2")).containsExactly("1", "1", "2");
    }

    @Test
    void onlyTheLastOnesAreRemembered() {
        for (int i = 0; i < 40; i++) {
            passed("e" + i);
        }
        resending.asked(now);

        assertThat(passed("e3")).containsExactly("e3");
    }
}
