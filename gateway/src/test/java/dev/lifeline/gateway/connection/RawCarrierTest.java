package dev.lifeline.gateway.connection;

import static dev.lifeline.gateway.fake.RunningGateway.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeline.gateway.fake.SseClient;
import dev.lifeline.gateway.http.ExactHeaderNames;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.WriteBufferWaterMark;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.impl.ConnectionBase;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Pins what {@link RawCarrier} relies on inside Vert.x: when one of these fails, Vert.x has changed, and it must too. */
class RawCarrierTest {

    private static final WriteBufferWaterMark BOUND = new WriteBufferWaterMark(1000, 2000);

    private record Seen(String names, String encoder, boolean raw, String namesAfter, String decoder, int high) {}

    private final Vertx vertx = Vertx.vertx();
    private final CompletableFuture<Seen> seen = new CompletableFuture<>();
    private HttpServer server;

    @BeforeEach
    void serve() {
        HttpServerOptions options = new HttpServerOptions()
                .setHost("127.0.0.1")
                .setPort(0)
                .setIdleTimeout(5)
                .setHttp2ClearTextEnabled(false);
        server = await(vertx.createHttpServer(options)
                .connectionHandler(new ExactHeaderNames(options))
                .requestHandler(this::look)
                .listen());
    }

    @AfterEach
    void close() {
        await(vertx.close());
    }

    private void look(HttpServerRequest request) {
        ChannelPipeline pipeline =
                ((ConnectionBase) request.connection()).channel().pipeline();
        String names = String.join(" ", pipeline.names());
        String encoder = pipeline.get("httpEncoder").getClass().getName();
        Carrier carrier = RawCarrier.on(request, BOUND);
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

    @Test
    void http10IsNot() throws Exception {
        Seen answer = ask("HTTP/1.0");

        assertThat(answer.raw()).isFalse();
        assertThat(answer.namesAfter()).contains("idle");
    }
}
