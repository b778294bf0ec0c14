package dev.lifeline.gateway.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which tools may be called twice, by what their server says of them. */
class ToolTraitsTest {

    private static String listing(String tools) {
        return "{\"jsonrpc\":\"2.0\",\"id\":{\"tools\":[]},\"result\":{\"_meta\":{\"tools\":1},\"tools\":" + tools
                + ",\"nextCursor\":\"n\"}}";
    }

    @Test
    void onlyWhatIsSaidToBeSafeIsSafe() {
        ToolTraits traits = ToolTraits.of(listing("[{\"name\":\"read\",\"annotations\":{\"readOnlyHint\":true}},"
                + "{\"annotations\":{\"title\":\"t\",\"idempotentHint\":true,\"x\":{}},\"name\":\"put\",\"inputSchema\":{\"name\":1}},"
                + "{\"name\":\"add\",\"annotations\":{\"destructiveHint\":true,\"readOnlyHint\":false,\"idempotentHint\":\"true\"}},"
                + "{\"name\":\"silent\"},{\"name\":7},{\"name\":\"odd\",\"annotations\":[true]}]"));

        assertThat(traits.names()).isEqualTo(Set.of("read", "put", "add", "silent", "odd"));
        assertThat(traits.safe()).isEqualTo(Set.of("read", "put"));
    }

    @Test
    void ofTwoOfOneNameNoneIsSafe() {
        String safe = "{\"name\":\"a\",\"annotations\":{\"readOnlyHint\":true}}";

        assertThat(ToolTraits.of(listing("[" + safe + ",{\"name\":\"a\"}]")).safe())
                .isEmpty();
        assertThat(ToolTraits.of(listing("[{\"name\":\"a\"}," + safe + "]")).safe())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "1",
                "{",
                "{\"result\":1}",
                "{\"result\":{\"tools\":{}}}",
                "{\"result\":{\"tools\":[1]}}",
                "{\"error\":{}}",
                "{\"result\":{\"tools\":[{\"name\":\"a\"}"
            })
    void whatCannotBeUnderstoodSaysNothing(String text) {
        assertThat(ToolTraits.of(text)).isEqualTo(ToolTraits.NONE);
    }
}
