package dev.lifeline.gateway.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.lifeline.gateway.security.KeyAuthenticator.KnownKey;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Bearer keys from a file: who is let in, and what is wrong with a file that cannot be read. */
class KeyAuthenticatorTest {

    // The digest is that of "correct horse".
    private static final String FILE =
            """
            - name: billing
              key: "the billing key"
              publish: ["orders/*"]
              subscribe: ["orders/paid"]
            - name: operator
              key_sha256: "%s"
              subscribe: ["*"]
              admin: true
            """.formatted(HexFormat.of().formatHex(KeyAuthenticator.digest("correct horse")));

    @Test
    void aKeyNamesItsOwnerAndWhatTheyMayDo() {
        Principal billing = enter(FILE, "the billing key").result();

        assertThat(billing.name()).isEqualTo("billing");
        assertThat(billing.mayPublish("orders/new")).isTrue();
        assertThat(billing.maySubscribe("orders/new")).isFalse();
        assertThat(billing.admin()).isFalse();
        assertThat(billing.expiresAt()).isEmpty();
    }

    @Test
    void aFileMayHoldADigestInPlaceOfTheKey() {
        Principal operator = enter(FILE, "correct horse").result();

        assertThat(operator.name()).isEqualTo("operator");
        assertThat(operator.admin()).isTrue();
        assertThat(operator.mayPublish("anything")).isFalse();
    }

    @Test
    void anotherKeyAndNoKeyFailAlike() {
        Throwable wrong = enter(FILE, "the billing kez").cause();
        Throwable none = KeyFile.parse(FILE).authenticate(Credentials.none()).cause();

        assertThat(wrong).isInstanceOf(AuthenticationFailed.class).hasMessage(none.getMessage());
        assertThat(none).isInstanceOf(AuthenticationFailed.class);
        assertThat(wrong.getStackTrace()).isEmpty();
    }

    @Test
    void theKeysComeFromAFile(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("keys.yaml"), FILE);

        Future<Principal> principal = KeyFile.read(file).authenticate(Credentials.bearer("correct horse"));

        assertThat(principal.succeeded()).isTrue();
    }

    @ParameterizedTest(name = "{1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "[]                                                | a list of at least one key",
                "name: ann                                         | a list of at least one key",
                "[ann]                                             | key 1 is not a map",
                "[{name: ann, key: k, color: red}]                 | a word other than",
                "[{name: ann}]                                     | either 'key' or 'key_sha256'",
                "[{name: ann, key: k, key_sha256: 'aa'}]           | either 'key' or 'key_sha256'",
                "[{name: ann, key: 1234}]                          | a 'key' that is no text",
                "[{name: ann, key: ''}]                            | an empty 'key'",
                "[{name: ann, key_sha256: 'abcd'}]                 | 64 hexadecimal digits",
                "[{name: ann, key: k, publish: all}]               | a 'publish' that is no list",
                "[{name: ann, key: k, subscribe: ['a*b']}]         | a channel pattern is",
                "[{name: ann, key: k, admin: 'yes'}]               | neither true nor false",
                "[{name: anonymous, key: k}]                       | the name 'anonymous' is taken",
                "[{key: k}]                                        | a name has 1 to",
                "[{name: a, key: k}, {name: b, key: k}]            | key 2 is the same as an earlier one"
            })
    void aMistakeInTheFileIsNamedByItsPlace(String yaml, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> KeyFile.parse(yaml))
                .withMessageContaining(message);
    }

    @Test
    void aFileThatIsNoYamlIsNotQuoted() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> KeyFile.parse("- key: \"s3cret\n- {"))
                .withMessage("the key file is not YAML")
                .withNoCause();
    }

    @Test
    void aKnownKeyPrintsItsOwnerOnly() {
        assertThat(new KnownKey(KeyAuthenticator.digest("k"), Principal.anonymous()).toString())
                .isEqualTo("KnownKey[anonymous]");
    }

    private static Future<Principal> enter(String file, String key) {
        return KeyFile.parse(file).authenticate(Credentials.bearer(key));
    }
}
