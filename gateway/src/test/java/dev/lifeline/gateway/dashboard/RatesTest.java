package dev.lifeline.gateway.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** How much a second. */
class RatesTest {

    private static final long START = 1_000_000_000_000L;

    private static Tally tally(long count) {
        return new Tally(count, 10 * count, 100 * count, count / 2, 0, 0, 0);
    }

    private static long after(long millis) {
        return START + TimeUnit.MILLISECONDS.toNanos(millis);
    }

    @Test
    void ratesAreDifferencesASecond() {
        Rates rates = new Rates(tally(100), START);

        JsonObject said = rates.upTo(tally(110), after(4000));

        assertThat(said)
                .isEqualTo(new JsonObject()
                        .put("published", 2.5)
                        .put("delivered", 25.0)
                        .put("bytes", 250.0)
                        .put("heartbeats", 1.3));
    }

    @Test
    void whoAsksAgainAtOnceIsToldTheSame() {
        Rates rates = new Rates(tally(0), START);
        JsonObject first = rates.upTo(tally(10), after(1000));

        assertThat(rates.upTo(tally(5000), after(1100))).isEqualTo(first);
        assertThat(rates.upTo(tally(10), after(2000)).getDouble("published")).isZero();
    }
}
