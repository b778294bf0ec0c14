package dev.lifeline.gateway.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import org.junit.jupiter.api.Test;

/** Keys that never change. */
class KeySourceTest {

    @Test
    void fixedKeysHaveNoNewerOnes() {
        Vertx vertx = Vertx.vertx();
        TokenKeys keys = new TokenKeys(vertx, TokenKeyFormats.secret("a secret of at least thirty-two bytes"));

        KeySource source = KeySource.fixed(keys);

        assertThat(source.newerKeys().result())
                .isSameAs(keys)
                .isSameAs(source.keys().result());
        vertx.close();
    }
}
