package dev.lifeline.gateway.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The demo as a process would be spoken to: a message a line, each way. */
@Timeout(30)
class StandardStreamsTest {

    private final PipedOutputStream in = new PipedOutputStream();
    private BufferedReader out;
    private Thread serving;

    @BeforeEach
    void start() throws IOException {
        PipedInputStream input = new PipedInputStream(in, 1 << 16);
        PipedOutputStream output = new PipedOutputStream();
        out = new BufferedReader(new InputStreamReader(new PipedInputStream(output, 1 << 20), StandardCharsets.UTF_8));
        serving = new Thread(() -> {
            try {
                DemoUpstream.stdio(input, output);
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        serving.start();
        says(DemoClient.initialize("{'roots':{}}", DemoClient.NEWEST));
        assertThat(hears().getJsonObject("result").getString("protocolVersion")).isEqualTo(DemoClient.NEWEST);
    }

    @AfterEach
    void end() throws Exception {
        in.close();
        serving.join();
    }

    private void says(String message) throws IOException {
        in.write((message.replace('\'', '"') + "\n").getBytes(StandardCharsets.UTF_8));
        in.flush();
    }

    private JsonObject hears() throws IOException {
        return new JsonObject(out.readLine());
    }

    private static String call(String id, String tool, String arguments, String meta) {
        return "{'jsonrpc':'2.0','id':'" + id + "','method':'tools/call','params':{'name':'" + tool + "','arguments':"
                + arguments + ",'_meta':" + meta + "}}";
    }

    @Test
    void aRequestALineIsAnsweredWithALine() throws Exception {
        says("");
        says(call("a", "echo", "{'text':'one\\ntwo'}", "{}"));

        assertThat(DemoClient.text(hears().getJsonObject("result"))).isEqualTo("one\ntwo");
    }

    @Test
    void progressAndChangesComeBetweenAnswers() throws Exception {
        says(call("a", "slow", "{'seconds':0,'steps':1}", "{'progressToken':1}"));
        assertThat(hears().getString("method")).isEqualTo("notifications/progress");
        assertThat(hears().getString("id")).isEqualTo("a");

        says(call("b", "toggle_tool", "{}", "{}"));
        assertThat(hears().getString("method")).isEqualTo("notifications/tools/list_changed");
        assertThat(hears().getString("id")).isEqualTo("b");
    }

    @Test
    void theClientIsAskedAndAnswers() throws Exception {
        says(call("a", "roots", "{}", "{}"));
        JsonObject question = hears();
        assertThat(question.getString("method")).isEqualTo("roots/list");

        says("{'jsonrpc':'2.0','id':'" + question.getString("id") + "','result':{'roots':[]}}");
        assertThat(DemoClient.text(hears().getJsonObject("result"))).isEqualTo("{\"roots\":[]}");
    }

    @Test
    void whatIsCancelledIsNotAnswered() throws Exception {
        says(call("a", "slow", "{'seconds':3000}", "{}"));
        says("{'jsonrpc':'2.0','method':'notifications/cancelled','params':{'requestId':'a'}}");
        says("{'jsonrpc':'2.0','id':'b','method':'ping'}");

        assertThat(hears().getString("id")).isEqualTo("b");
    }

    @Test
    void modernRequestsNeedNoBeginning() throws Exception {
        String meta = "{'io.modelcontextprotocol/protocolVersion':'2026-07-28',"
                + "'io.modelcontextprotocol/clientCapabilities':{}}";
        says(call("a", "echo", "{'text':'x'}", meta));
        assertThat(hears().getJsonObject("result").getString("resultType")).isEqualTo("complete");

        says(call("b", "slow", "{'seconds':3000}", meta));
        says("{'jsonrpc':'2.0','method':'notifications/cancelled','params':{'requestId':'b'}}");
        says(call("c", "echo", "{'text':'x'}", meta.replace("2026", "2099")));
        assertThat(hears().getJsonObject("error").getInteger("code")).isEqualTo(-32022);
    }

    @Test
    void whatIsNoMessageIsSaidToBeNone() throws Exception {
        says("hello");
        assertThat(hears().getJsonObject("error").getInteger("code")).isEqualTo(-32700);
        says("{}");
        assertThat(hears().getJsonObject("error").getInteger("code")).isEqualTo(-32600);
    }

    @Test
    void aLineHasABound() {
        byte[] endless = new byte[(4 << 20) + 1];

        assertThatThrownBy(() -> DemoUpstream.stdio(new ByteArrayInputStream(endless), new ByteArrayOutputStream()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("longer than");
    }

    @Test
    void itEndsWhenNobodyReads() throws Exception {
        OutputStream closed = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("closed");
            }
        };
        byte[] lines = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}\nx\n".getBytes(StandardCharsets.UTF_8);

        DemoUpstream.stdio(new ByteArrayInputStream(lines), closed);
    }
}
