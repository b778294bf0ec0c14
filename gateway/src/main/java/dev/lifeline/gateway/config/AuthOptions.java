package dev.lifeline.gateway.config;

import static dev.lifeline.gateway.config.Option.option;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The part of the table about who may come in. */
final class AuthOptions {

    static final Option<AuthMode> AUTH = option("auth", Kind.choice(AuthMode.class), "none")
            .means("How clients prove who they are: not at all, by keys of keys_file, or by a JWT.")
            .because("On loopback there is nobody to keep out, and elsewhere the gateway refuses to start without it.");

    static final Option<Boolean> ALLOW_OPEN = option("allow_open", Kind.onOff(), "false")
            .means("Listen beyond loopback although auth is none.")
            .because("Open to the network should be a decision and not an oversight; say yes where a proxy "
                    + "authenticates.");

    static final Option<Optional<Path>> KEYS_FILE = option("keys_file", Kinds.FILE.orNothing(), "")
            .means("YAML file of keys and the principals they stand for.")
            .because("Only for auth: keys.");

    static final Option<Optional<URI>> JWT_JWKS = option("jwt_jwks", Kinds.WEB_ADDRESS.orNothing(), "")
            .means("Address of the key set of the issuer. Either this or jwt_key.")
            .because("Keys that rotate are followed without a restart, but only you know the issuer.");

    static final Option<Optional<Path>> JWT_KEY = option("jwt_key", Kinds.FILE.orNothing(), "")
            .means("PEM file with the public key of the issuer, or a file with nothing but the secret shared with it.")
            .because("For issuers without a key set. The key decides which signatures count, never the token.");

    static final Option<Optional<String>> JWT_ISSUER = option("jwt_issuer", Kinds.TEXT.orNothing(), "")
            .means("What the iss claim must be; empty accepts any.")
            .because("With one key there is one issuer; set it where a key signs for several.");

    static final Option<Optional<String>> JWT_AUDIENCE = option("jwt_audience", Kinds.TEXT.orNothing(), "")
            .means("What the aud claim must contain; empty accepts any.")
            .because("Set it, so that tokens for other services do not open this one.");

    static final Option<Optional<Secret>> ADMIN_TOKEN = option("admin_token", Kinds.TOKEN.orNothing(), "")
            .keptSecret()
            .means("Bearer token for the operating routes. Prefer the file or the environment: a flag is seen "
                    + "by everybody on the machine.")
            .because("Not needed on loopback or behind an admin_port that is kept private.");

    static final Option<List<String>> ALLOWED_ORIGINS = option("allowed_origins", Kinds.ORIGIN.list(), "")
            .means("Web origins that may call; empty means pages from this machine, any port; * means all.")
            .because("Stops a foreign page in the browser of a developer from reaching the local gateway.");

    static final Option<List<String>> ALLOWED_HOSTS = option("allowed_hosts", Kinds.HOST_HEADER.list(), "")
            .means("Names accepted in the Host header; empty means loopback names and the address listened on.")
            .because("Stops DNS rebinding; behind a public name, list that name.");

    static final List<Option<?>> ALL = List.of(
            AUTH,
            ALLOW_OPEN,
            KEYS_FILE,
            JWT_JWKS,
            JWT_KEY,
            JWT_ISSUER,
            JWT_AUDIENCE,
            ADMIN_TOKEN,
            ALLOWED_ORIGINS,
            ALLOWED_HOSTS);

    private AuthOptions() {}
}
