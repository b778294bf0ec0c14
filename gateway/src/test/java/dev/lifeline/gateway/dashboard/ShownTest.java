package dev.lifeline.gateway.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeline.gateway.connection.Client;
import org.junit.jupiter.api.Test;

/** How what is secret, or a stranger's own words, is shown. */
class ShownTest {

    @Test
    void aStreamOfASessionIsNamedByAHash() {
        String hash = Shown.session("s3cret_id");

        assertThat(hash).matches("[0-9a-f]{10}").isNotEqualTo(Shown.session("s3cret_iD"));
        assertThat(Shown.stream("mcp:s3cret_id")).isEqualTo("mcp:" + hash);
        assertThat(Shown.stream("mcp:s3cret_id:p0st")).isEqualTo("mcp:" + hash + ":p0st");
        assertThat(Shown.stream("channel:mcp:x")).isEqualTo("channel:mcp:x");
    }

    @Test
    void aClientsOwnWordsAreShortAndPlain() {
        assertThat(Shown.clean("a\u0000b\nc\u202Ed\u001B[31m")).isEqualTo("abcd[31m");
        assertThat(Shown.clean("x".repeat(1000))).hasSize(64);
        assertThat(Shown.client(new Client("n", null)).encode()).isEqualTo("{\"name\":\"n\",\"version\":null}");
        assertThat(Shown.client((Client) null)).isNull();
    }
}
