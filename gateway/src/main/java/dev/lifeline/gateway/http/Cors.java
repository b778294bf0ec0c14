package dev.lifeline.gateway.http;

import dev.lifeline.gateway.security.Origins;
import io.vertx.core.Handler;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Tells browsers what pages may do: answers preflights, and lets pages read the answers they may have.
 *
 * <p>Refuses nothing: a foreign origin never gets past the {@link RequestGuard}. Not the handler of Vert.x Web, which
 * answers a foreign page with a stack trace in the log.
 */
public final class Cors implements Handler<RoutingContext> {

    private static final Duration PREFLIGHT_HOLDS = Duration.ofHours(2); // the most that Chromium honours
    private static final String REQUEST_HEADERS =
            "Last-Event-ID, Authorization, Content-Type, Idempotency-Key, Cache-Control, X-Request-Id";
    private static final String EXPOSED_HEADERS = "Lifeline-Node, X-Request-Id, Retry-After";

    private final Origins origins;
    private final String methods;
    private final String requestHeaders;
    private final String exposedHeaders;

    /** For the routes of channels and operations. */
    public Cors(Origins origins) {
        this(origins, List.of(HttpMethod.GET, HttpMethod.POST), List.of(), List.of());
    }

    /** For routes that take and show more than the others. */
    public Cors(Origins origins, List<HttpMethod> methods, List<String> moreRequestHeaders, List<String> moreExposed) {
        this.origins = origins;
        this.methods = String.join(", ", methods.stream().map(HttpMethod::name).toList());
        this.requestHeaders = joined(REQUEST_HEADERS, moreRequestHeaders);
        this.exposedHeaders = joined(EXPOSED_HEADERS, moreExposed);
    }

    @Override
    public void handle(RoutingContext context) {
        HttpServerRequest request = context.request();
        MultiMap headers = context.response().headers();
        origins.responseHeaders(Optional.ofNullable(request.getHeader(HttpHeaders.ORIGIN)))
                .forEach(headers::set);
        if (isPreflight(request)) {
            headers.set(HttpHeaders.ACCESS_CONTROL_ALLOW_METHODS, methods);
            headers.set(HttpHeaders.ACCESS_CONTROL_ALLOW_HEADERS, requestHeaders);
            headers.set(HttpHeaders.ACCESS_CONTROL_MAX_AGE, Long.toString(PREFLIGHT_HOLDS.toSeconds()));
            context.response().setStatusCode(204).end();
        } else {
            headers.set(HttpHeaders.ACCESS_CONTROL_EXPOSE_HEADERS, exposedHeaders);
            context.next();
        }
    }

    private static boolean isPreflight(HttpServerRequest request) {
        return request.method() == HttpMethod.OPTIONS
                && request.headers().contains(HttpHeaders.ORIGIN)
                && request.headers().contains(HttpHeaders.ACCESS_CONTROL_REQUEST_METHOD);
    }

    private static String joined(String some, List<String> more) {
        return more.isEmpty() ? some : some + ", " + String.join(", ", more);
    }
}
