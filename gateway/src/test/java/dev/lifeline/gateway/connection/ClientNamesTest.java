package dev.lifeline.gateway.connection;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What a User-Agent comes to. */
class ClientNamesTest {

    private final ClientNames names = new ClientNames();

    @Test
    void theFirstProductIsTheName() {
        assertThat(names.of("curl/8.5.0")).isEqualTo(new Client("curl", "8.5.0"));
        assertThat(names.of("Java-http-client/17.0.15 (linux)")).isEqualTo(new Client("Java-http-client", "17.0.15"));
        assertThat(names.of("node")).isEqualTo(new Client("node", null));
    }

    @Test
    void aBrowserIsToldByWhatItIsBesideMozilla() {
        assertThat(names.of("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0"
                        + " Safari/537.36 Edg/126.0.2592.56"))
                .isEqualTo(new Client("Edg", "126.0.2592.56"));
        assertThat(names.of("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"))
                .isEqualTo(new Client("Firefox", "128.0"));
        assertThat(names.of("Mozilla/4.0 (something old)")).isEqualTo(new Client("Mozilla", "4.0"));
    }

    @Test
    void whatCannotBeShownIsNobody() {
        assertThat(names.of(null)).isNull();
        assertThat(names.of("")).isNull();
        assertThat(names.of("<script>alert(1)</script>")).isNull();
        assertThat(names.of("x".repeat(65))).isNull();
        assertThat(names.of("x".repeat(10_000))).isNull();
    }

    @Test
    void allWhoSayTheSameShareOneObjectAndFewAreRemembered() {
        Client first = names.of("one/1");
        assertThat(names.of("one/1")).isSameAs(first);
        for (int i = 0; i < ClientNames.KEPT; i++) {
            names.of("other/" + i);
        }
        assertThat(names.of("one/1")).isEqualTo(first).isNotSameAs(first);
    }
}
