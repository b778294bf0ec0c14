package dev.lifeline.gateway.session;

import static dev.lifeline.gateway.redis.Facts.failure;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import org.junit.jupiter.api.Test;

/** A node on its own. */
class CourierTest {

    @Test
    void whoStandsAloneHasNobodyToAskAndMournsNobody() {
        Courier.NOBODY.answer("one", (asker, question) -> Future.succeededFuture(question));

        assertThat(failure(Courier.NOBODY.ask("b", "one", "")))
                .isInstanceOfSatisfying(
                        LinkFailure.class,
                        refused -> assertThat(refused.ending()).isEqualTo(Ending.NOT_SENT));
        assertThat(Courier.NOBODY.alive()).isEmpty();
        assertThat(Courier.NOBODY.isDead("b")).isFalse();
    }
}
