package dev.lifeline.gateway.connection;

import static dev.lifeline.gateway.fake.RunningGateway.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeline.gateway.fake.Certificates;
import dev.lifeline.gateway.fake.Heard.Kind;
import dev.lifeline.gateway.fake.RunningGateway;
import dev.lifeline.gateway.fake.StreamReader;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The same contract whatever carries it. The plain way is {@code ChannelTest}'s. */
class ProtocolsTest {

    /** Ways to speak with a gateway. */
    enum Way {
        TLS_HTTP_1_1(true, HttpVersion.HTTP_1_1),
        TLS_HTTP_2(true, HttpVersion.HTTP_2),
        CLEAR_HTTP_2(false, HttpVersion.HTTP_2, "--h2c=true"),
        CLEAR_BUT_H2C_OFFERED(false, HttpVersion.HTTP_1_1, "--h2c=true"),
        NIO(false, HttpVersion.HTTP_1_1, "--native-transport=false"),
        LOOSE_THREADS(false, HttpVersion.HTTP_1_1, "--strict-threads=false"),
        COMPRESSED(false, HttpVersion.HTTP_1_1, "--compression=true"),
        COMPRESSED_HTTP_2(true, HttpVersion.HTTP_2, "--compression=true");

        final boolean tls;
        final HttpVersion version;
        final List<String> options;

        Way(boolean tls, HttpVersion version, String... options) {
            this.tls = tls;
            this.version = version;
            this.options = List.of(options);
        }

        boolean compressed() {
            return options.contains("--compression=true");
        }
    }

    @TempDir
    private static Path directory;

    private static final Vertx VERTX = Vertx.vertx();
    private static Certificates certificate;

    @BeforeAll
    static void certify() throws Exception {
        certificate = Certificates.makeIn(directory);
    }

    @AfterAll
    static void close() {
        await(VERTX.close());
    }

    private static RunningGateway gateway(Way way) {
        List<String> options =
                new ArrayList<>(List.of("--heartbeat-interval", "400ms", "--connection-timeout", "1200ms"));
        options.addAll(way.options);
        if (way.tls) {
            options.addAll(List.of(
                    "--tls-cert", certificate.certificate().toString(),
                    "--tls-key", certificate.key().toString()));
        }
        return RunningGateway.with(options.toArray(String[]::new));
    }

    private static HttpClient client(Way way) {
        HttpClientOptions options = new HttpClientOptions()
                .setSsl(way.tls)
                .setUseAlpn(way.tls)
                .setTrustAll(true)
                .setVerifyHost(false)
                .setDecompressionSupported(way.compressed())
                .setHttp2ClearTextUpgrade(false)
                .setProtocolVersion(way.version);
        return VERTX.createHttpClient(
                options, new PoolOptions().setHttp1MaxSize(10).setHttp2MaxSize(1));
    }

    private static Future<HttpClientRequest> request(HttpClient client, RunningGateway gateway, HttpMethod method) {
        return client.request(method, gateway.port(), "127.0.0.1", "/events/a");
    }

    private static StreamReader subscribe(HttpClient client, RunningGateway gateway, String... header) {
        return await(request(client, gateway, HttpMethod.GET).compose(request -> {
            if (header.length == 2) {
                request.putHeader(header[0], header[1]);
            }
            // Here, on the client's thread: out there the body could have begun.
            return request.send().map(StreamReader::new);
        }));
    }

    private static int publish(HttpClient client, RunningGateway gateway, String data) {
        return await(request(client, gateway, HttpMethod.POST)
                .compose(request -> request.send(data))
                .map(HttpClientResponse::statusCode));
    }

    @ParameterizedTest
    @EnumSource
    void twoReadersGetEventsHeartbeatsAndWhatTheyMissed(Way way) {
        HttpClient client = client(way);
        try (RunningGateway gateway = gateway(way)) {
            StreamReader first = subscribe(client, gateway);
            StreamReader second = subscribe(client, gateway);
            String start = first.next(Kind.POSITION).id();
            second.next(Kind.POSITION);

            assertThat(publish(client, gateway, "one")).isEqualTo(202);
            assertThat(first.next(Kind.EVENT).text()).isEqualTo("one");
            assertThat(second.next(Kind.EVENT).text()).isEqualTo("one");
            for (int i = 0; i < 5; i++) {
                assertThat(first.next(Kind.COMMENT)).as("heartbeat " + i).isNotNull();
            }
            assertThat(publish(client, gateway, "two")).isEqualTo(202);
            assertThat(second.next(Kind.EVENT).text()).isEqualTo("two");

            StreamReader back = subscribe(client, gateway, "Last-Event-ID", start);
            assertThat(Stream.of(back.next(Kind.EVENT), back.next(Kind.EVENT)).map(it -> it.text()))
                    .containsExactly("one", "two");
        } finally {
            await(client.close());
        }
    }

    @ParameterizedTest
    @EnumSource
    void theHeadIsTheSameAndFitsTheProtocol(Way way) {
        HttpClient client = client(way);
        try (RunningGateway gateway = gateway(way)) {
            HttpClientResponse head =
                    await(request(client, gateway, HttpMethod.GET).compose(HttpClientRequest::send));

            assertThat(head.version()).isEqualTo(way.version);
            assertThat(head.getHeader("content-type")).isEqualTo("text/event-stream");
            assertThat(head.getHeader("cache-control")).isEqualTo("no-cache, no-transform");
            assertThat(head.getHeader("connection")).isEqualTo(way.version == HttpVersion.HTTP_2 ? null : "keep-alive");
            assertThat(head.getHeader("lifeline-node"))
                    .isEqualTo(gateway.gateway().id());
        } finally {
            await(client.close());
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"TLS_HTTP_2", "CLEAR_HTTP_2"})
    void eachStreamOfASharedConnectionEndsForItself(Way way) {
        HttpClient client = client(way);
        try (RunningGateway gateway = gateway(way)) {
            HttpClientRequest first = await(request(client, gateway, HttpMethod.GET));
            Future<StreamReader> answered = first.response().map(StreamReader::new);
            first.send();
            StreamReader gone = await(answered);
            StreamReader stays = subscribe(client, gateway);
            gone.next(Kind.POSITION);
            stays.next(Kind.POSITION);

            first.reset();

            assertThat(gone.next(Kind.CUT)).isNotNull();
            assertThat(publish(client, gateway, "for one")).isEqualTo(202);
            assertThat(stays.next(Kind.EVENT).text()).isEqualTo("for one");
        } finally {
            await(client.close());
        }
    }

    @ParameterizedTest
    @EnumSource
    void leavingEndsTheStreamProperly(Way way) {
        HttpClient client = client(way);
        RunningGateway gateway = gateway(way);
        try {
            StreamReader reader = subscribe(client, gateway);
            reader.next(Kind.POSITION);

            Future<Void> stopped = gateway.gateway().stop();

            assertThat(reader.next(Kind.END)).isNotNull();
            await(stopped);
        } finally {
            gateway.close();
            await(client.close());
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"COMPRESSED", "COMPRESSED_HTTP_2"})
    void compressedIsWhatTheClientAsksFor(Way way) {
        HttpClient plain = VERTX.createHttpClient(new HttpClientOptions()
                .setSsl(way.tls)
                .setUseAlpn(way.tls)
                .setTrustAll(true)
                .setVerifyHost(false)
                .setProtocolVersion(way.version));
        try (RunningGateway gateway = gateway(way)) {
            HttpClientResponse packed = await(request(plain, gateway, HttpMethod.GET)
                    .compose(request ->
                            request.putHeader("accept-encoding", "gzip").send()));
            HttpClientResponse asItIs =
                    await(request(plain, gateway, HttpMethod.GET).compose(HttpClientRequest::send));

            assertThat(packed.getHeader("content-encoding")).isEqualTo("gzip");
            assertThat(asItIs.getHeader("content-encoding")).isNull();
        } finally {
            await(plain.close());
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"TLS_HTTP_1_1", "TLS_HTTP_2"})
    void nobodyIsCompressedUnlessConfigured(Way way) {
        HttpClient client = client(way);
        try (RunningGateway gateway = gateway(way)) {
            HttpClientResponse head = await(request(client, gateway, HttpMethod.GET)
                    .compose(request ->
                            request.putHeader("accept-encoding", "gzip, br").send()));

            assertThat(head.getHeader("content-encoding")).isNull();
        } finally {
            await(client.close());
        }
    }

    @Test
    void onHttp2TooAReaderThatStopsIsBoundedAndStalled() {
        HttpClient client = client(Way.CLEAR_HTTP_2);
        try (RunningGateway gateway = gateway(Way.CLEAR_HTTP_2)) {
            HttpClientResponse deaf =
                    await(request(client, gateway, HttpMethod.GET).compose(HttpClientRequest::send));
            deaf.pause();

            for (int i = 0; i < 30; i++) {
                gateway.publish("a", "x".repeat(200_000));
            }

            RunningGateway.eventually("it is stalled", () -> gateway.ended("stalled") == 1);
            assertThat(gateway.metric("sse_bytes_delivered_total")).isLessThan(4_000_000);
            assertThat(gateway.connections()).isZero();
        } finally {
            await(client.close());
        }
    }
}
