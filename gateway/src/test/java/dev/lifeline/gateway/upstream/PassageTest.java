package dev.lifeline.gateway.upstream;

import static dev.lifeline.gateway.fake.RunningGateway.await;
import static dev.lifeline.gateway.fake.RunningGateway.eventually;
import static dev.lifeline.gateway.fake.RunningGateway.freePort;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeline.gateway.fake.FakeMcpServer;
import dev.lifeline.gateway.session.Ending;
import dev.lifeline.gateway.session.Passage;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.net.URI;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Requests of the modern revision, as they are. */
class PassageTest extends HttpStage {

    private final Promise<Void> calledOff = Promise.promise();
    private Passage passage;

    @BeforeEach
    void way() {
        server.sessions(false);
        passage = upstream.passage().orElseThrow();
    }

    private static MultiMap headers() {
        return MultiMap.caseInsensitiveMultiMap()
                .add("MCP-Protocol-Version", "2026-07-28")
                .add("Mcp-Method", "tools/call")
                .add("Mcp-Param-Tenant", "a")
                .add("Accept", "application/json, text/event-stream")
                .add("Content-Type", "application/json")
                .add("Content-Length", "3")
                .add("Authorization", "Bearer of-the-client")
                .add("Cookie", "of=the-client")
                .add("X-Forwarded-For", "10.0.0.1");
    }

    private Future<Passage.Answer> post(String tool, Object... arguments) {
        return passage.post(
                headers(), Buffer.buffer(Calls.call(1, tool, arguments).text()), calledOff.future());
    }

    private static String body(Passage.Answer answer) {
        Promise<String> whole = Promise.promise();
        Buffer all = Buffer.buffer();
        answer.body()
                .exceptionHandler(whole::tryFail)
                .endHandler(end -> whole.tryComplete(all.toString()))
                .handler(all::appendBuffer)
                .resume();
        return await(whole.future());
    }

    @Test
    void theAnswerIsTheUpstreams() {
        Passage.Answer answer = await(post("echo", "text", "modern"));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.headers().get("Content-Type")).isEqualTo("application/json");
        assertThat(body(answer)).contains("modern");
    }

    @Test
    void whatTheClientSaysGoesWithItButNotWhoItIs() {
        body(await(post("echo")));

        MultiMap arrived = server.arrivals("POST").get(0).headers();
        assertThat(arrived.get("Mcp-Method")).isEqualTo("tools/call");
        assertThat(arrived.get("Mcp-Param-Tenant")).isEqualTo("a");
        assertThat(arrived.get("X-Configured")).isEqualTo("always");
        assertThat(arrived.names()).doesNotContain("Authorization", "Cookie", "X-Forwarded-For");
    }

    @Test
    void statusesOfTheUpstreamArePassedOn() {
        server.refuseNext("POST", 404, "no such method");

        Passage.Answer answer = await(post("echo"));

        assertThat(answer.status()).isEqualTo(404);
        assertThat(body(answer)).isEqualTo("no such method");
    }

    @Test
    void cancellingEndsItAtTheUpstreamAtOnce() {
        server.answers(FakeMcpServer.Style.SSE);
        await(post("slow", "steps", 1000, "millis", 20));

        calledOff.complete();

        eventually("the server knows", () -> server.abandoned() == 1);
    }

    @Test
    void cancellingEndsItAtTheUpstreamBeforeItHasBegunToAnswer() {
        Future<Passage.Answer> answer = post("slow", "steps", 1000, "millis", 20);
        eventually("it is there", () -> !server.arrivals("POST").isEmpty());

        calledOff.complete();

        eventually("nobody waits", answer::failed);
        eventually("the server knows", () -> server.abandoned() == 1);
    }

    @Test
    void anUpstreamThatBreaksOffFailsTheBody() {
        server.answers(FakeMcpServer.Style.SSE).cutNextAnswer(1);
        Passage.Answer answer = await(post("slow", "steps", 3));

        Promise<Throwable> broken = Promise.promise();
        answer.body().exceptionHandler(broken::tryComplete).handler(chunk -> {}).resume();

        assertThat(await(broken.future())).isNotNull();
    }

    @Test
    void noAnswerIsAFailure() {
        server.hangUpOnNext("POST");
        assertThat(LinkContract.ending(post("echo"))).isEqualTo(Ending.LOST);

        server.refuseNext("POST", 302, "", "Location", "http://example.invalid/");
        assertThat(LinkContract.ending(post("echo"))).isEqualTo(Ending.REFUSED);

        passage = upstream(URI.create("http://127.0.0.1:" + freePort() + "/mcp"), Calls.WAITS)
                .passage()
                .orElseThrow();
        assertThat(LinkContract.ending(post("echo"))).isEqualTo(Ending.NOT_SENT);
    }
}
