package dev.lifeline.gateway.redis;

import static dev.lifeline.gateway.redis.Facts.failure;
import static dev.lifeline.gateway.redis.Facts.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeline.gateway.fake.RedisServer;
import dev.lifeline.gateway.fake.RedisServer.Options;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.redis.client.RedisOptions;
import java.nio.file.Path;
import java.time.Duration;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The link gets in with a password and over TLS, and tells clearly why it does not. */
class RedisLinkSecurityTest {

    private final Vertx vertx = Vertx.vertx();
    private RedisLink link;

    @AfterEach
    void close() {
        if (link != null) {
            get(link.close());
        }
        get(vertx.close());
    }

    private RedisLink linkTo(String uri, NetClientOptions network) {
        RedisOptions options = new RedisOptions().setConnectionString(uri).setNetClientOptions(network);
        Duration patience = Duration.ofSeconds(10);
        link = new RedisLink(vertx, new RedisLink.Settings(options, patience, patience, 10));
        return link;
    }

    private static NetClientOptions trusting(Path authority) {
        return new NetClientOptions()
                .setSsl(true)
                .setHostnameVerificationAlgorithm("HTTPS")
                .setTrustOptions(new PemTrustOptions().addCertPath(authority.toString()));
    }

    @Test
    void getsInWithThePassword() {
        try (RedisServer redis = Options.plain().withPassword("sesame").start()) {
            get(linkTo(redis.uri(), new NetClientOptions()).start());

            assertThat(link.available()).isTrue();
        }
    }

    @Test
    void saysThatThePasswordIsWrongOrMissing() {
        try (RedisServer redis = Options.plain().withPassword("sesame").start()) {
            String wrong = redis.uri().replace("sesame", "barley");
            String none = redis.uri().replace(":sesame@", "");

            assertThat(failure(linkTo(wrong, new NetClientOptions()).start()))
                    .hasMessageContaining("WRONGPASS")
                    .hasMessageNotContaining("barley");
            get(link.close());
            assertThat(failure(linkTo(none, new NetClientOptions()).start())).hasMessageContaining("NOAUTH");
        }
    }

    @Test
    void trustsAServerWhoseAuthorityItWasGiven() {
        try (RedisServer redis = Options.plain().withTls().start()) {
            get(linkTo(redis.uri(), trusting(redis.authority())).start());

            assertThat(link.available()).isTrue();
        }
    }

    @Test
    void trustsNoServerOfAnotherAuthority() {
        try (RedisServer redis = Options.plain().withTls().start();
                RedisServer other = Options.plain().withTls().start()) {
            Throwable failure =
                    failure(linkTo(redis.uri(), trusting(other.authority())).start());

            assertThat(failure).isInstanceOf(SSLHandshakeException.class);
        }
    }
}
