package dev.lifeline.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.PfxOptions;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Where TLS settles the protocol first: HTTP/1.1 gets the exact decoder, HTTP/2 needs none and works as ever. */
class ExactHeaderNamesOverTlsTest {

    private static final String PASSWORD = "only for this test";

    @TempDir
    private Path directory;

    private final RunningServer server = new RunningServer();

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    @ParameterizedTest
    @EnumSource(
            value = HttpVersion.class,
            names = {"HTTP_1_1", "HTTP_2"})
    void headersKeepTheirNames(HttpVersion version) throws Exception {
        HttpServerOptions options =
                RunningServer.options().setSsl(true).setUseAlpn(true).setKeyCertOptions(certificate());
        server.router
                .route()
                .handler(context -> context.response()
                        .end(context.request().version() + " "
                                + context.request().getHeader("content-xength") + " "
                                + context.request().getHeader("content-length")));
        server.start(options, new ExactHeaderNames(options));
        var client = server.vertx.createHttpClient(new HttpClientOptions()
                .setSsl(true)
                .setUseAlpn(true)
                .setTrustAll(true)
                .setVerifyHost(false)
                .setProtocolVersion(version));

        String answer = RunningServer.await(client.request(HttpMethod.GET, server.port(), "127.0.0.1", "/")
                        .compose(request ->
                                request.putHeader("content-xength", "40").send())
                        .compose(response -> response.body()))
                .toString();

        assertThat(answer).isEqualTo(version + " 40 null");
    }

    @Test
    void http2IsNoObstacleWhereTlsSettlesIt() {
        assertThat(new ExactHeaderNames(new HttpServerOptions().setSsl(true))).isNotNull();
    }

    private PfxOptions certificate() throws Exception {
        Path store = directory.resolve("store.p12");
        Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
        Process process = new ProcessBuilder(
                        keytool.toString(),
                        "-genkeypair",
                        "-alias",
                        "test",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=localhost",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        PASSWORD)
                .inheritIO()
                .start();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return new PfxOptions().setPath(store.toString()).setPassword(PASSWORD);
    }
}
