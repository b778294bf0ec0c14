package dev.lifeline.gateway.connection;

import static dev.lifeline.gateway.fake.RunningGateway.await;
import static dev.lifeline.gateway.fake.RunningGateway.eventually;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeline.gateway.fake.SseClient;
import dev.lifeline.gateway.http.ExactHeaderNames;
import io.netty.channel.Channel;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.util.AttributeKey;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.impl.ConnectionBase;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Pins what {@link RawCarrier} relies on inside Vert.x: when one of these fails, Vert.x has changed, and it must too. */
class RawCarrierTest {

    private static final WriteBufferWaterMark BOUND = new WriteBufferWaterMark(1000, 2000);

    private record Seen(String names, String encoder, boolean raw, String namesAfter, String decoder, int high) {}

    private static final Duration WAIT = Duration.ofSeconds(10);

    private final Vertx vertx = Vertx.vertx();
    private final CompletableFuture<Carrier> streaming = new CompletableFuture<>();
    private final CompletableFuture<Channel> channel = new CompletableFuture<>();
    private RawCarrier.Way way;
    private final CompletableFuture<Seen> seen = new CompletableFuture<>();
    private HttpServer server;

    @BeforeEach
    void serve() {
        HttpServerOptions options = new HttpServerOptions()
                .setHost("127.0.0.1")
                .setPort(0)
                .setIdleTimeout(5)
                .setHttp2ClearTextEnabled(false);
        way = new RawCarrier.Way(BOUND, ExactHeaderNames.decoder(options), WAIT);
        server = await(vertx.createHttpServer(options)
                .connectionHandler(new ExactHeaderNames(options))
                .requestHandler(this::serve)
                .listen());
    }

    @AfterEach
    void close() {
        await(vertx.close());
    }

    private void serve(HttpServerRequest request) {
        switch (request.path()) {
            case "/stream" -> {
                channel.complete(((ConnectionBase) request.connection()).channel());
                Carrier carrier = RawCarrier.on(request, way);
                request.response().setChunked(true).writeHead().onSuccess(begun -> streaming.complete(carrier));
            }
            case "/again" -> request.response().end("heard again");
            default -> look(request);
        }
    }

    private void look(HttpServerRequest request) {
        ChannelPipeline pipeline =
                ((ConnectionBase) request.connection()).channel().pipeline();
        String names = String.join(" ", pipeline.names());
        String encoder = pipeline.get("httpEncoder").getClass().getName();
        Carrier carrier = RawCarrier.on(request, way);
        // What goes, goes once the request is through.
        pipeline.channel().eventLoop().execute(() -> {
            seen.complete(new Seen(
                    names,
                    encoder,
                    carrier != null,
                    String.join(" ", pipeline.names()),
                    pipeline.get("httpDecoder").getClass().getSimpleName(),
                    pipeline.channel().config().getWriteBufferHighWaterMark()));
            request.response().end();
        });
    }

    private Seen ask(String version) throws Exception {
        try (SseClient client = new SseClient(
                new Socket("127.0.0.1", server.actualPort()), "GET / " + version + "\r\nHost: localhost\r\n\r\n")) {
            assertThat(client.status()).isEqualTo(200);
            return seen.get(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void theEncoderHasTheNameWeLookForAndTheIdleTimeoutStandsAboveIt() throws Exception {
        Seen answer = ask("HTTP/1.1");

        assertThat(answer.names()).matches(".*httpDecoder.*httpEncoder.*idle.*handler.*");
        assertThat(answer.encoder()).isEqualTo("io.vertx.core.http.impl.VertxHttpResponseEncoder");
    }

    @Test
    void http11IsWrittenRawWithoutIdleTimeoutDeafAndWithTheBound() throws Exception {
        Seen answer = ask("HTTP/1.1");

        assertThat(answer.raw()).isTrue();
        assertThat(answer.namesAfter()).doesNotContain("idle");
        assertThat(answer.decoder()).isEqualTo("Deaf");
        assertThat(answer.high()).isEqualTo(BOUND.high());
    }

    private static String readUntil(Socket client, String end) throws IOException {
        StringBuilder text = new StringBuilder();
        for (int read = 0; read >= 0 && !text.toString().endsWith(end); ) {
            read = client.getInputStream().read();
            if (read >= 0) {
                text.append((char) read);
            }
        }
        return text.toString();
    }

    private Socket stream() throws Exception {
        Socket client = new Socket("127.0.0.1", server.actualPort());
        client.setSoTimeout((int) WAIT.toMillis());
        client.getOutputStream().write("GET /stream HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(US_ASCII));
        assertThat(readUntil(client, "\r\n\r\n")).startsWith("HTTP/1.1 200");
        return client;
    }

    private void end() throws Exception {
        Carrier carrier = streaming.get(10, TimeUnit.SECONDS);
        channel.get().eventLoop().execute(carrier::end);
    }

    @Test
    void aConnectionWhoseStreamHasEndedServesTheNextRequestAndIsWatchedAgain() throws Exception {
        try (Socket client = stream()) {
            end();
            assertThat(readUntil(client, "0\r\n\r\n")).endsWith("0\r\n\r\n");

            client.getOutputStream().write("GET /again HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(US_ASCII));

            assertThat(readUntil(client, "heard again"))
                    .startsWith("HTTP/1.1 200")
                    .endsWith("heard again");
            assertThat(channel.get().pipeline().names()).contains("idle");
        }
    }

    @Test
    void aConnectionOnWhichSomethingWasSaidMeanwhileEndsWithItsStream() throws Exception {
        try (Socket client = stream()) {
            client.getOutputStream().write("GET /again HTTP/1.1\r\n".getBytes(US_ASCII));
            Channel spokenOn = channel.get();
            eventually("heard", () -> spokenOn.hasAttr(AttributeKey.valueOf(RawCarrier.class, "spoke")));

            end();

            assertThat(readUntil(client, "never")).endsWith("0\r\n\r\n");
        }
    }

    @Test
    void http10IsNot() throws Exception {
        Seen answer = ask("HTTP/1.0");

        assertThat(answer.raw()).isFalse();
        assertThat(answer.namesAfter()).contains("idle");
    }
}
