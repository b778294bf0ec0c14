package dev.lifeline.gateway.cluster;

import static dev.lifeline.gateway.fake.RunningGateway.await;
import static dev.lifeline.gateway.redis.Facts.failure;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeline.gateway.redis.RedisLink;
import dev.lifeline.gateway.session.Courier;
import dev.lifeline.gateway.session.Ending;
import dev.lifeline.gateway.session.LinkFailure;
import dev.lifeline.gateway.time.VertxTime;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.redis.client.RedisOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two couriers on one event bus; over several buses they are tested in {@code clustered}. */
class BusCourierTest {

    private static final Duration LONG = Duration.ofSeconds(60);

    private final Vertx gateway = Vertx.vertx();
    private final Vertx bus = Vertx.vertx();
    private final BusCourier a = courier("a", LONG);
    private final BusCourier b = courier("b", LONG);

    private BusCourier courier(String node, Duration timeout) {
        return new BusCourier(gateway, lease(node), timeout);
    }

    private NodeLease lease(String node) {
        RedisLink nowhere = new RedisLink(
                gateway, new RedisLink.Settings(new RedisOptions(), Duration.ofSeconds(1), Duration.ofSeconds(1), 1));
        return new NodeLease(new VertxTime(gateway), nowhere, "t", new Member(node, "127.0.0.1", 1), LONG);
    }

    @BeforeEach
    void enter() {
        await(a.enter(bus));
        await(b.enter(bus));
    }

    @AfterEach
    void close() {
        await(bus.close());
        await(gateway.close());
    }

    private static BiFunction<String, String, Future<String>> saying(String text) {
        return (asker, question) -> Future.succeededFuture(asker + text + question);
    }

    private static void assertFails(Future<String> asked, Ending ending, String saying) {
        assertThat(failure(asked)).isInstanceOfSatisfying(LinkFailure.class, failure -> {
            assertThat(failure.ending()).isEqualTo(ending);
            assertThat(failure).hasMessageContaining(saying);
        });
    }

    @Test
    void whatIsAskedIsAnsweredByTheNodeAndUnderTheSubjectThatWasNamed() {
        b.answer("one", saying(" asked one "));
        b.answer("two", saying(" asked two "));
        a.answer("one", saying(" asked itself "));

        assertThat(await(a.ask("b", "one", "x"))).isEqualTo("a asked one x");
        assertThat(await(a.ask("b", "two", "y"))).isEqualTo("a asked two y");
        assertThat(await(a.ask("a", "one", "z"))).isEqualTo("a asked itself z");
    }

    @Test
    void aLargeAnswerArrives() {
        b.answer("large", (asker, question) -> Future.succeededFuture(question.repeat(1024 * 1024)));

        assertThat(await(a.ask("b", "large", "x"))).hasSize(1024 * 1024);
    }

    @Test
    void answersComeOnTheContextOfWhoAskedAndQuestionsOnTheGatewaysOwn() {
        CompletableFuture<Vertx> asked = new CompletableFuture<>();
        CompletableFuture<Context> answered = new CompletableFuture<>();
        b.answer("where", (asker, question) -> {
            asked.complete(Vertx.currentContext().owner());
            return Future.succeededFuture("here");
        });
        Context caller = gateway.getOrCreateContext();

        caller.runOnContext(
                turn -> a.ask("b", "where", "").onComplete(answer -> answered.complete(Vertx.currentContext())));

        assertThat(answered.join()).isSameAs(caller);
        assertThat(asked.join()).isSameAs(gateway);
    }

    @Test
    void whereNobodyListensOrAnswersNothingWasSent() {
        assertFails(a.ask("nobody", "one", ""), Ending.NOT_SENT, "cannot be reached");
        assertFails(a.ask("b", "unheard of", ""), Ending.NOT_SENT, "nobody answers unheard of");
        assertFails(courier("c", LONG).ask("b", "one", ""), Ending.NOT_SENT, "no way");
        assertFails(Courier.NOBODY.ask("b", "one", ""), Ending.NOT_SENT, "no other node");
    }

    @Test
    void theEndingOfTheOtherNodeIsTheEndingHereAndAnyOtherFailureMayHaveRun() {
        b.answer("refuse", (asker, question) -> Future.failedFuture(new LinkFailure(Ending.REFUSED, "no")));
        b.answer("fail", (asker, question) -> Future.failedFuture("broken"));
        b.answer("throw", (asker, question) -> {
            throw new IllegalStateException("a defect");
        });

        assertFails(a.ask("b", "refuse", ""), Ending.REFUSED, "no");
        assertFails(a.ask("b", "fail", ""), Ending.LOST, "broken");
        assertFails(a.ask("b", "throw", ""), Ending.LOST, "a defect");
    }

    @Test
    void whoDoesNotAnswerInTimeMayHaveHeard() {
        BusCourier hasty = courier("hasty", Duration.ofMillis(100));
        await(hasty.enter(bus));
        Promise<String> late = Promise.promise();
        b.answer("late", (asker, question) -> late.future());

        assertFails(hasty.ask("b", "late", ""), Ending.LOST, "did not answer in time");
        late.complete("too late");
    }

    @Test
    void whenTheBusIsLostEveryQuestionIsAndOnTheNextOneItGoesOn() {
        List<Promise<String>> held = new ArrayList<>();
        b.answer("hold", (asker, question) -> {
            Promise<String> answer = Promise.promise();
            held.add(answer);
            return answer.future();
        });
        Future<String> lost = a.ask("b", "hold", "");
        a.leave();
        assertFails(lost, Ending.LOST, "the way to the other nodes was lost");
        assertFails(a.ask("b", "hold", ""), Ending.NOT_SENT, "no way");

        b.answer("one", saying(" asked again "));
        Vertx next = Vertx.vertx();
        b.leave();
        await(a.enter(next));
        await(b.enter(next));

        assertThat(await(a.ask("b", "one", "x"))).isEqualTo("a asked again x");
        await(next.close());
    }

    @Test
    void onlySoManyQuestionsAreUnderWay() {
        b.answer("never", (asker, question) -> Promise.<String>promise().future());
        List<Future<String>> all = new ArrayList<>();
        for (int i = 0; i < BusCourier.MOST_UNDER_WAY; i++) {
            all.add(a.ask("b", "never", ""));
        }

        assertFails(a.ask("b", "never", ""), Ending.NOT_SENT, "too many questions");
        a.leave();

        assertThat(all).allMatch(Future::failed);
    }

    @Test
    void whatIsNotUnderstoodIsPassedOver() {
        b.answer("one", saying(" asked "));
        bus.eventBus().send(BusCourier.address("b"), "text");
        bus.eventBus().send(BusCourier.address("b"), Buffer.buffer("garbage"));
        bus.eventBus().send(BusCourier.address("b"), CourierCodec.answer(99, Ending.DONE, "to nobody's question"));

        assertThat(await(a.ask("b", "one", "x"))).isEqualTo("a asked x");
    }

    @Test
    void whileNobodyCanTellWhoIsAliveNobodyIsSaidToBe() {
        assertThat(a.alive()).isEmpty();
    }
}
