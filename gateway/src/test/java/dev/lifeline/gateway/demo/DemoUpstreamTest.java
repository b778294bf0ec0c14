package dev.lifeline.gateway.demo;

import static dev.lifeline.gateway.demo.DemoClient.call;
import static dev.lifeline.gateway.demo.DemoClient.in;
import static dev.lifeline.gateway.demo.DemoClient.next;
import static dev.lifeline.gateway.demo.DemoClient.text;
import static dev.lifeline.gateway.fake.RunningGateway.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeline.gateway.fake.Heard;
import dev.lifeline.gateway.fake.SseClient;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The demo server over Streamable HTTP, in sessions. */
class DemoUpstreamTest {

    private static DemoClient client;

    @BeforeAll
    static void start() {
        client = new DemoClient();
    }

    @AfterAll
    static void stop() {
        client.close();
    }

    @ParameterizedTest
    @CsvSource({"2025-03-26, 2025-03-26", "2025-06-18, 2025-06-18", "2025-11-25, 2025-11-25", "1999-01-01, 2025-11-25"})
    void aSessionBeginsWithAnAgreementOnTheRevision(String wanted, String agreed) {
        HttpResponse<String> answer = client.post(DemoClient.initialize("{}", wanted), Map.of());
        JsonObject result = new JsonObject(answer.body()).getJsonObject("result");

        assertThat(result.getString("protocolVersion")).isEqualTo(agreed);
        assertThat(result.getJsonObject("serverInfo").getString("name")).isEqualTo("lifeline-demo");
        assertThat(result.getJsonObject("capabilities").fieldNames())
                .containsExactlyInAnyOrder("tools", "resources", "prompts", "completions", "logging");
        assertThat(answer.headers().firstValue("Mcp-Session-Id").orElseThrow()).matches("[0-9a-f]{32}");
    }

    @Test
    void anInitializeThatMakesNoSenseLeavesNoSession() {
        HttpResponse<String> answer =
                client.post("{'jsonrpc':'2.0','id':1,'method':'initialize','params':{'capabilities':7}}", Map.of());

        assertThat(answer.headers().firstValue("Mcp-Session-Id")).isEmpty();
        assertThat(answer.body()).contains("-32602");
    }

    @Test
    void quickAnswersAreJson() {
        String session = client.opens();
        HttpResponse<String> answer =
                client.post(client.request("tools/call", call("echo", "{'text':'h\u00e9'}")), in(session));

        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/json");
        assertThat(text(new JsonObject(answer.body()).getJsonObject("result"))).isEqualTo("h\u00e9");
        assertThat(client.result(session, "ping", "{}")).isEmpty();
    }

    @Test
    void whoTakesOnlyStreamsGetsOne() {
        String session = client.opens();
        Map<String, String> headers = Map.of("Mcp-Session-Id", session, "Accept", "text/event-stream");

        try (SseClient stream = client.streams(client.request("ping", "{}"), headers)) {
            assertThat(next(stream).getJsonObject("result")).isEmpty();
            assertThat(stream.end().is(Heard.Kind.END)).isTrue();
        }
    }

    @Test
    void aSlowAnswerTellsItsProgressFirst() {
        String session = client.opens();
        String body = client.request(
                "tools/call", "{'name':'slow','arguments':{'seconds':0,'steps':3},'_meta':{'progressToken':'p'}}");

        try (SseClient stream = client.streams(body, in(session))) {
            assertThat(stream.header("content-type")).isEqualTo("text/event-stream");
            IntStream.rangeClosed(1, 3).forEach(step -> {
                JsonObject params = next(stream).getJsonObject("params");
                assertThat(params.getString("progressToken")).isEqualTo("p");
                assertThat(params.getInteger("progress")).isEqualTo(step);
                assertThat(params.getInteger("total")).isEqualTo(3);
            });
            assertThat(text(next(stream).getJsonObject("result"))).startsWith("Done in 3 steps");
            assertThat(stream.end().is(Heard.Kind.END)).isTrue();
        }
    }

    @Test
    void whoTakesNoStreamsWaitsForTheAnswerAndMissesTheRest() {
        String session = client.opens();
        HttpResponse<String> answer = client.post(
                client.request(
                        "tools/call",
                        "{'name':'slow','arguments':{'seconds':0.05,'steps':2},'_meta':{'progressToken':1}}"),
                Map.of("Mcp-Session-Id", session, "Accept", "application/json"));

        assertThat(text(new JsonObject(answer.body()).getJsonObject("result"))).startsWith("Done in 2 steps");
    }

    @Test
    void whatWasCancelledIsNotAnswered() {
        String session = client.opens();

        try (SseClient stream = client.streams(
                "{'jsonrpc':'2.0','id':'x','method':'tools/call','params':" + call("slow", "{'seconds':3000}") + "}",
                in(session))) {
            assertThat(client.post(
                                    "{'jsonrpc':'2.0','method':'notifications/cancelled','params':{'requestId':'x'}}",
                                    in(session))
                            .statusCode())
                    .isEqualTo(202);
            assertThat(stream.next().is(Heard.Kind.END)).isTrue();
        }
    }

    @Test
    void aRequestGoesOnWithoutItsStream() {
        String session = client.opens();
        String slow =
                "{'jsonrpc':'2.0','id':'x','method':'tools/call','params':" + call("slow", "{'seconds':3000}") + "}";
        client.streams(slow, in(session)).reset();

        assertThat(client.post("{'jsonrpc':'2.0','id':'x','method':'ping'}", in(session))
                        .body())
                .contains("is being carried out");
    }

    @Test
    void anIdThatIsTakenIsRefused() {
        String session = client.opens();
        String same =
                "{'jsonrpc':'2.0','id':'x','method':'tools/call','params':" + call("slow", "{'seconds':3000}") + "}";

        try (SseClient first = client.streams(same, in(session))) {
            assertThat(client.post(same, in(session)).body()).contains("-32600");
            assertThat(first.unread()).isEmpty();
        }
    }

    @Test
    void aLargeAnswerHasTheSizeAskedFor() {
        String session = client.opens();

        assertThat(client.says(session, "large", "{'bytes':3000000}")).hasSize(3_000_000);
        assertThat(client.says(session, "large", "{'bytes':1}")).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "echo {}",
                "echo {'text':1}",
                "slow {'seconds':-1}",
                "slow {'seconds':'x'}",
                "slow {'steps':0}",
                "slow {'steps':1.5}",
                "large {'bytes':99999999}",
                "publish_page {'name':'A/B','text':''}",
            })
    void aMistakeInTheArgumentsIsToldInTheResult(String toolAndArguments) {
        String[] parts = toolAndArguments.split(" ", 2);

        JsonObject result = client.result(client.opens(), "tools/call", call(parts[0], parts[1]));

        assertThat(result.getBoolean("isError")).isTrue();
    }

    @Test
    void theClientIsAskedBesideTheRequest() {
        String session = client.opens("{'elicitation':{},'sampling':{}}", DemoClient.NEWEST);

        try (SseClient stream =
                client.streams(client.request("tools/call", call("ask", "{'question':'How many?'}")), in(session))) {
            JsonObject question = next(stream);
            assertThat(question.getString("method")).isEqualTo("elicitation/create");
            assertThat(question.getJsonObject("params").getString("message")).isEqualTo("How many?");
            client.post(
                    "{'jsonrpc':'2.0','id':'" + question.getString("id")
                            + "','result':{'action':'accept','content':{'answer':'seven'}}}",
                    in(session));
            assertThat(text(next(stream).getJsonObject("result"))).contains("seven");
        }
    }

    @Test
    void theModelOfTheClientIsAskedWhereThereIsNoForm() {
        String session = client.opens("{'sampling':{}}", DemoClient.NEWEST);

        try (SseClient stream =
                client.streams(client.request("tools/call", call("ask", "{'question':'Why?'}")), in(session))) {
            JsonObject question = next(stream);
            assertThat(question.getString("method")).isEqualTo("sampling/createMessage");
            client.post(
                    "{'jsonrpc':'2.0','id':'" + question.getString("id")
                            + "','error':{'code':-1,'message':'User rejected'}}",
                    in(session));
            JsonObject result = next(stream).getJsonObject("result");
            assertThat(result.getBoolean("isError")).isTrue();
            assertThat(text(result)).contains("User rejected");
        }
    }

    @Test
    void aClientWithoutStreamsIsAskedOnItsStandingOne() {
        String session = client.opens("{'roots':{}}", DemoClient.NEWEST);
        Map<String, String> json = Map.of("Mcp-Session-Id", session, "Accept", "application/json");

        assertThat(client.post(client.request("tools/call", call("roots", "{}")), json)
                        .body())
                .contains("there is no stream");
        try (SseClient standing = client.listens(session)) {
            Thread answering = new Thread(() -> client.post(
                    "{'jsonrpc':'2.0','id':'" + next(standing).getString("id")
                            + "','result':{'roots':[{'uri':'file:///here'}]}}",
                    in(session)));
            answering.start();
            assertThat(client.post(client.request("tools/call", call("roots", "{}")), json)
                            .body())
                    .contains("file:///here");
        }
    }

    @Test
    void aClientThatCanBeAskedNothingGetsAnErrorResult() {
        String session = client.opens();

        assertThat(client.says(session, "ask", "{'question':'?'}")).contains("neither elicitation nor sampling");
        assertThat(client.says(session, "roots", "{}")).contains("no roots");
    }

    @Test
    void logMessagesComeOnceTheyAreAskedFor() {
        String session = client.opens();
        assertThat(client.error(session, "logging/setLevel", "{'level':'loud'}").getInteger("code"))
                .isEqualTo(-32602);
        assertThat(client.result(session, "logging/setLevel", "{'level':'debug'}"))
                .isEmpty();

        try (SseClient stream =
                client.streams(client.request("tools/call", call("echo", "{'text':'x'}")), in(session))) {
            JsonObject message = next(stream);
            assertThat(message.getString("method")).isEqualTo("notifications/message");
            assertThat(message.getJsonObject("params").getString("data")).isEqualTo("called echo");
            assertThat(text(next(stream).getJsonObject("result"))).isEqualTo("x");
        }
    }

    @Test
    void batchesAreTakenInTheOneRevisionThatHasThem() {
        String batch = "[" + client.request("ping", "{}") + "," + client.request("nothing/such", "{}")
                + ",{'jsonrpc':'2.0','method':'notifications/initialized'}]";

        JsonArray answers = new JsonArray(
                client.post(batch, in(client.opens("{}", "2025-03-26"))).body());
        assertThat(answers).hasSize(2);
        assertThat(answers.getJsonObject(1).getJsonObject("error").getInteger("code"))
                .isEqualTo(-32601);
        assertThat(client.post(batch, in(client.opens())).statusCode()).isEqualTo(400);
    }

    @Test
    void aBatchThatTakesTimeIsAStream() {
        String session = client.opens("{}", "2025-03-26");
        String batch = "[" + client.request("ping", "{}") + ","
                + client.request("tools/call", call("slow", "{'seconds':0,'steps':1}")) + "]";

        try (SseClient stream = client.streams(batch, in(session))) {
            assertThat(next(stream).getJsonObject("result")).isEmpty();
            assertThat(text(next(stream).getJsonObject("result"))).startsWith("Done");
            assertThat(stream.end().is(Heard.Kind.END)).isTrue();
        }
    }

    @Test
    void aToolThatIsNoneIsAnError() {
        assertThat(client.error(client.opens(), "tools/call", call("none", "{}"))
                        .getInteger("code"))
                .isEqualTo(-32602);
        assertThat(client.error(client.opens(), "tools/call", "{'name':'echo','arguments':[]}")
                        .getInteger("code"))
                .isEqualTo(-32602);
    }

    @Test
    void closingEndsEveryStream() {
        try (DemoClient other = new DemoClient();
                SseClient standing = other.listens(other.opens())) {
            await(other.demo().close());

            assertThat(standing.end().is(Heard.Kind.END)).isTrue();
        }
    }
}
