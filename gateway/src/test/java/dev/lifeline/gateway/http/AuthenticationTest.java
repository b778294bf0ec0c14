package dev.lifeline.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeline.gateway.security.AuthenticationFailed;
import dev.lifeline.gateway.security.Authenticator;
import dev.lifeline.gateway.security.Credentials;
import dev.lifeline.gateway.security.Grant;
import dev.lifeline.gateway.security.OpenAuthenticator;
import dev.lifeline.gateway.security.Principal;
import io.vertx.core.Future;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who gets past, and what the others are told. Which credentials are good: the authenticators' tests. */
class AuthenticationTest {

    private final RunningServer server = new RunningServer();

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    @Test
    void theRouteKnowsWhoAsks() throws Exception {
        serve(this::byName);

        assertThat(get("/who", "Authorization: Bearer ann")).contains("it is ann");
        assertThat(get("/who", "authorization: bearer  ann ")).contains("it is ann");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X: y",
                "Authorization: Basic YTpi",
                "Authorization: Bearer ",
                "Authorization: Bearer a\r\nAuthorization: Bearer a"
            })
    void whoBringsNoTokenIsAskedForOne(String header) throws Exception {
        serve(this::byName);

        assertThat(get("/who", header))
                .startsWith("HTTP/1.1 401 ")
                .containsIgnoringCase("www-authenticate: Bearer realm=\"lifeline\"\r\n");
    }

    @Test
    void whoBringsABadOneIsToldThatMuch() throws Exception {
        serve(this::byName);

        assertThat(get("/who", "Authorization: Bearer nobody"))
                .startsWith("HTTP/1.1 401 ")
                .contains("error=\"invalid_token\"", "urn:lifeline:problem:unauthorized")
                .doesNotContain("nobody");
    }

    @Test
    void anOpenGatewayAsksNobody() throws Exception {
        serve(new OpenAuthenticator(Principal.anonymous()));

        assertThat(get("/who", "X: y")).contains("it is anonymous");
    }

    @Test
    void askingOnARouteWithoutAuthenticationIsADefect() throws Exception {
        serve(this::byName);

        assertThat(get("/unprotected", "X: y")).startsWith("HTTP/1.1 500 ");
    }

    @Test
    void operationsAreForAdminsAndForTheHolderOfTheAdminToken() throws Exception {
        serve(this::byName);

        assertThat(get("/admin", "Authorization: Bearer root")).contains("welcome");
        assertThat(get("/admin", "Authorization: Bearer the-admin-token")).contains("welcome");
    }

    @Test
    void othersAreToldApartByWhetherTheyBroughtAToken() throws Exception {
        serve(this::byName);

        assertThat(get("/admin", "Authorization: Bearer ann")).startsWith("HTTP/1.1 403 ");
        assertThat(get("/admin", "Authorization: Bearer nobody"))
                .startsWith("HTTP/1.1 401 ")
                .contains("invalid_token");
        assertThat(get("/admin", "X: y")).startsWith("HTTP/1.1 401 ").doesNotContain("invalid_token");
    }

    @Test
    void everybodyIsNoAdminUnlessTheyBringTheToken() throws Exception {
        serve(new OpenAuthenticator(Principal.anonymous()));

        assertThat(get("/admin", "X: y")).startsWith("HTTP/1.1 401 ");
        assertThat(get("/admin", "Authorization: Bearer the-admin-token")).contains("welcome");
    }

    private Future<Principal> byName(Credentials credentials) {
        return credentials
                .bearer()
                .filter(name -> !name.equals("nobody") && !name.equals("the-admin-token"))
                .map(name -> Principal.named(name, Grant.NOTHING, name.equals("root"), Optional.empty()))
                .map(Future::succeededFuture)
                .orElseGet(() -> Future.failedFuture(new AuthenticationFailed()));
    }

    private void serve(Authenticator authenticator) throws Exception {
        Problems.install(server.router);
        server.router
                .get("/who")
                .handler(new Authentication(authenticator))
                .handler(context -> context.response()
                        .end("it is " + Authentication.principal(context).name()));
        server.router
                .get("/unprotected")
                .handler(context ->
                        context.response().end(Authentication.principal(context).name()));
        server.router
                .get("/admin")
                .handler(new AdminGuard(Optional.of("the-admin-token"), authenticator))
                .handler(context -> context.response().end("welcome"));
        server.start();
    }

    private String get(String path, String header) throws Exception {
        return server.exchange(
                "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + header + "\r\n\r\n");
    }
}
