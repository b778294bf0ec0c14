package dev.lifeline.gateway.dashboard;

import static dev.lifeline.gateway.fake.RunningGateway.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeline.gateway.session.Courier;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Asking all at once, with some who do not answer. */
class ColleaguesTest {

    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void close() {
        await(vertx.close());
    }

    /** One that answers, one that cannot be reached, one that says nothing for ever. */
    private static final class Three implements Courier {

        @Override
        public Future<String> ask(String node, String subject, String question) {
            return switch (node) {
                case "well" -> Future.succeededFuture(subject + "?" + question);
                case "gone" -> Future.failedFuture("no way");
                default -> Promise.<String>promise().future();
            };
        }

        @Override
        public void answer(String subject, BiFunction<String, String, Future<String>> how) {}

        @Override
        public boolean isDead(String node) {
            return false;
        }

        @Override
        public Future<Boolean> isSilent(String node) {
            return Future.succeededFuture(false);
        }

        @Override
        public Set<String> alive() {
            return Set.of("well", "gone", "mute");
        }
    }

    @Test
    void whoDoesNotAnswerIsNamedAndNotWaitedFor() {
        Courier courier = new Three();
        Colleagues colleagues = new Colleagues(vertx, courier, courier::alive);

        Colleagues.Answers answers = await(colleagues.ask(colleagues.others(), "how", "now"));

        assertThat(answers.said()).isEqualTo(Map.of("well", "how?now"));
        assertThat(answers.silent()).containsExactly("gone", "mute");
    }
}
