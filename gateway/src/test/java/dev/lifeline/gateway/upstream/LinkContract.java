package dev.lifeline.gateway.upstream;

import static dev.lifeline.gateway.fake.RunningGateway.await;
import static dev.lifeline.gateway.fake.RunningGateway.eventually;
import static dev.lifeline.gateway.fake.RunningGateway.pause;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lifeline.gateway.session.Ending;
import dev.lifeline.gateway.session.Link;
import dev.lifeline.gateway.session.LinkFailure;
import dev.lifeline.gateway.session.LinkState;
import dev.lifeline.gateway.session.Upstream;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What holds for a link of every kind, against a real server. */
abstract class LinkContract {

    static final String SESSION = "session-under-test";

    Vertx vertx;
    Upstream upstream;
    Link link;

    /** An upstream of this kind whose server is there. */
    abstract Upstream upstream();

    /** One whose server is not. */
    abstract Upstream unreachable();

    /** How often the server ran something under this key. */
    abstract long executions(String key);

    @BeforeEach
    void begin() {
        vertx = Vertx.vertx();
        upstream = upstream();
        link = upstream.link(SESSION, LinkState.NONE);
    }

    @AfterEach
    void end() {
        await(link.close());
        await(upstream.close());
        await(vertx.close());
    }

    final Link.Opened open() {
        return open(link);
    }

    static Link.Opened open(Link link) {
        Link.Opened opened = await(link.open(Calls.initialize()));
        await(link.send(Calls.initialized()));
        return opened;
    }

    final Told ask(Object id, String tool, Object... arguments) {
        Told told = new Told();
        link.request(Calls.call(id, tool, arguments), told);
        return told;
    }

    static Ending ending(Future<?> failing) {
        try {
            failing.toCompletionStage().toCompletableFuture().get();
            throw new AssertionError("did not fail");
        } catch (ExecutionException e) {
            return ((LinkFailure) e.getCause()).ending();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void openingGivesTheAnswerAndWhereTheConversationStands() {
        Link.Opened opened = open();

        assertThat(opened.answer().text()).contains("\"serverInfo\"");
        assertThat(opened.state().isOpen()).isTrue();
        assertThat(opened.state().revision()).isEqualTo("2025-06-18");
    }

    @Test
    void openingOnceMoreIsTheNextGeneration() {
        open();

        assertThat(open().state().generation()).isEqualTo(2);
        assertThat(ask(1, "echo", "text", "again").text()).isEqualTo("again");
    }

    @Test
    void aRequestHasOneAnswerAndThenEnds() {
        open();

        Told told = new Told();
        Future<Void> taken = link.request(Calls.call(1, "echo", "text", "héllo\n\u2028"), told);

        assertThat(told.text()).isEqualTo("héllo\n\u2028");
        await(taken);
        assertThat(told.endings()).containsExactly(Ending.DONE);
        assertThat(told.count()).isEqualTo(1);
    }

    @Test
    void anErrorIsAnAnswer() {
        open();

        assertThat(ask(1, "nonsense").answer().getJsonObject("error").getInteger("code"))
                .isEqualTo(-32602);
    }

    @Test
    void requestsUnderWayTogetherGetTheirOwnAnswers() {
        open();

        List<Told> all = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            all.add(ask(i % 2 == 0 ? (Object) i : "id-" + i, "echo", "text", "for " + i));
        }

        assertThat(all.stream().map(Told::text))
                .containsExactlyElementsOf(
                        IntStream.range(0, 50).mapToObj(i -> "for " + i).toList());
    }

    @Test
    void aLargeAnswerComesWhole() {
        open();

        assertThat(ask(1, "large", "bytes", 3_000_000).text()).hasSize(3_000_000);
    }

    @Test
    void theServerMayAskWhileItIsAsked() {
        open();
        Told standing = new Told();
        link.listen(null, standing);
        listening();
        Told told = ask(1, "ask", "text", "what?");

        Told asked = asked(told, standing);
        JsonObject question = asked.messages().get(0);
        await(link.send(Calls.result(question.getString("id"), new JsonObject().put("said", "that"))));

        assertThat(question.getString("method")).isEqualTo("sampling/createMessage");
        assertThat(told.text()).isEqualTo("{\"said\":\"that\"}");
    }

    private static Told asked(Told told, Told standing) {
        eventually("a question", () -> told.count() + standing.count() > 0);
        return told.count() > 0 ? told : standing;
    }

    @Test
    void whatBelongsToNoRequestGoesToWhoListens() {
        open();
        Told standing = new Told();
        link.listen(null, standing);
        listening();

        Told told = ask(1, "announce", "count", 20);

        assertThat(told.text()).isEqualTo("announced 20");
        assertThat(standing.awaitCount(20).messages().stream()
                        .map(message -> message.getJsonObject("params").getInteger("data")))
                .containsExactlyElementsOf(IntStream.rangeClosed(1, 20).boxed().toList());
        assertThat(told.count()).isEqualTo(1);
    }

    /** Waits until the server's own stream is being read, where that takes a request. */
    void listening() {}

    @Test
    void whoIsSlowToKeepIsToldNoMoreThanSoMuch() {
        open();
        Told slow = new Told().slow();
        link.listen(null, slow);
        listening();

        Told told = ask(1, "announce", "count", 2000);
        slow.awaitCount(64);
        pauseForMore();

        assertThat(slow.count()).isLessThan(1000);
        slow.keepAll();
        assertThat(slow.awaitCount(2000).messages().stream()
                        .map(message -> message.getJsonObject("params").getInteger("data")))
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, 2000).boxed().toList());
        assertThat(told.text()).isEqualTo("announced 2000");
    }

    /** There is no fact that says that nothing more comes. */
    private static void pauseForMore() {
        pause(300);
    }

    @Test
    void aForgottenRequestIsHeardOfNoMore() {
        open();
        Told forgotten = ask(1, "slow", "steps", 2, "millis", 100, "key", "forgotten");
        eventually("it runs", () -> executions("forgotten") == 1);

        link.forget("1");
        Told next = ask(2, "slow", "steps", 4, "millis", 100);

        assertThat(next.text()).isEqualTo("done after 4");
        assertThat(forgotten.endings()).isEmpty();
    }

    @Test
    void aServerThatDiesLosesWhatItWasAsked() {
        open();

        Told told = ask(1, "die", "key", "died");

        assertThat(told.ending()).isEqualTo(Ending.LOST);
        assertThat(told.endings()).hasSize(1);
        assertThat(executions("died")).isEqualTo(1);
    }

    @Test
    void aServerThatIsNotThereWasNotAsked() {
        Upstream gone = unreachable();

        assertThat(ending(gone.link(SESSION, LinkState.NONE).open(Calls.initialize())))
                .isEqualTo(Ending.NOT_SENT);
        await(gone.close());
    }

    @Test
    void aClosedConversationTakesNothingMore() {
        open();
        await(link.close());

        Told told = ask(1, "echo", "text", "late", "key", "late");

        assertThat(told.ending()).isNotEqualTo(Ending.DONE);
        assertThat(executions("late")).isZero();
        assertThatThrownBy(() -> await(link.send(Calls.initialized()))).isInstanceOf(AssertionError.class);
    }

    @Test
    void linksOfOneUpstreamDoNotHearEachOther() {
        open();
        Link other = upstream.link("another", LinkState.NONE);
        open(other);
        Told mine = new Told();
        Told others = new Told();
        link.request(Calls.call(7, "echo", "text", "mine"), mine);
        other.request(Calls.call(7, "echo", "text", "theirs"), others);

        assertThat(mine.text()).isEqualTo("mine");
        assertThat(others.text()).isEqualTo("theirs");
        await(other.close());
    }
}
