package dev.lifeline.retry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What counts as seen before. */
class RecentIdsTest {

    private final RecentIds ids = new RecentIds(3);

    private void see(String... seen) {
        for (String id : seen) {
            ids.firstTime(id);
        }
    }

    @Test
    void recognisesWhatItSaw() {
        assertThat(ids.firstTime("a")).isTrue();
        assertThat(ids.firstTime("b")).isTrue();
        assertThat(ids.firstTime("a")).isFalse();
        assertThat(ids.firstTime("b")).isFalse();
    }

    @Test
    void forgetsTheOldestBeyondItsBound() {
        see("a", "b", "c", "d");

        assertThat(ids.firstTime("b")).isFalse();
        assertThat(ids.firstTime("a")).isTrue();
    }

    @Test
    void whatIsSeenAgainIsRememberedAsTheNewest() {
        see("a", "b", "a", "c", "d");

        assertThat(ids.firstTime("a")).isFalse();
        assertThat(ids.firstTime("b")).isTrue();
    }

    @Test
    void whatHasNoIdIsAlwaysNew() {
        assertThat(ids.firstTime(null)).isTrue();
        assertThat(ids.firstTime(null)).isTrue();
        assertThat(ids.firstTime("")).isTrue();
        assertThat(ids.firstTime("")).isTrue();
    }

    @Test
    void afterANewBeginningTheOldIdsAreNew() {
        see("1", "2", "3");

        ids.clear();

        assertThat(ids.firstTime("1")).isTrue();
        assertThat(ids.firstTime("1")).isFalse();
    }

    @Test
    void agreesWithAListThatIsSearched() {
        Random random = new Random(3);
        for (int bound : new int[] {1, 2, 7, 64}) {
            RecentIds bounded = new RecentIds(bound);
            // The last events, repeated ones included, each id where it was seen last.
            List<String> seen = new ArrayList<>();
            for (int i = 0; i < 20_000; i++) {
                String id = Integer.toString(random.nextInt(bound * 2));
                boolean expected = !seen.subList(Math.max(0, seen.size() - bound), seen.size())
                        .contains(id);
                assertThat(bounded.firstTime(id)).isEqualTo(expected);
                seen.add(id);
            }
        }
    }
}
