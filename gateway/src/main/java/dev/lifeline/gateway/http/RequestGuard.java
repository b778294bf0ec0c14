package dev.lifeline.gateway.http;

import dev.lifeline.gateway.security.Origins;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The first handler of every route: refuses requests that two readers could read differently, that come from a foreign
 * page, or that call us by a foreign name. Who sends them and what they want is for later handlers.
 *
 * <p>Needs {@link ExactHeaderNames} below it, or the names it looks for never reach it. It also holds every body back
 * until a {@link BoundedBody} asks for it, and ends the connection with any answer given before the body was read.
 */
public final class RequestGuard implements Handler<RoutingContext> {

    private static final Set<HttpMethod> WITHOUT_BODY =
            Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.DELETE, HttpMethod.OPTIONS);

    /** The headers that say where a body ends and what it is. */
    private static final List<String> FRAMING = List.of("content-length", "content-type", "transfer-encoding");

    private final Origins origins;

    public RequestGuard(Origins origins) {
        this.origins = origins;
    }

    @Override
    public void handle(RoutingContext context) {
        HttpServerRequest request = context.request();
        if (LastAnswer.wasGivenBefore(request)) {
            request.connection().close();
            return;
        }
        Optional<Problem> ambiguity = ambiguity(request);
        if (ambiguity.isPresent()) {
            LastAnswer.of(request);
            context.fail(ambiguity.get());
            return;
        }
        if (LastAnswer.hasBody(request)) {
            request.pause();
            context.addHeadersEndHandler(head -> LastAnswer.unlessReadToItsEnd(request));
        }
        foreigner(request).ifPresentOrElse(context::fail, context::next);
    }

    private static Optional<Problem> ambiguity(HttpServerRequest request) {
        if (hasHeaderOneLetterOff(request)) {
            return Optional.of(
                    Problem.ambiguousRequest("A header's name is one letter off Content-Length or its like."));
        }
        if (lengths(request) > 1) {
            return Optional.of(Problem.ambiguousRequest("The body's length is said more than once."));
        }
        if (hosts(request) > 1) {
            return Optional.of(Problem.badHost("Send one Host header."));
        }
        return WITHOUT_BODY.contains(request.method()) && LastAnswer.hasBody(request)
                ? Optional.of(Problem.unexpectedBody())
                : Optional.empty();
    }

    private Optional<Problem> foreigner(HttpServerRequest request) {
        List<String> named = request.headers().getAll(HttpHeaders.ORIGIN);
        if (named.size() > 1 || !origins.allowsOrigin(named.stream().findFirst())) {
            return Optional.of(Problem.foreignOrigin());
        }
        // HTTP/1.0 may go without a Host: health checks do, browsers never did.
        boolean known = request.authority() == null
                ? request.version() == HttpVersion.HTTP_1_0
                : origins.allowsHost(request.authority().toString());
        String target = hostOfTarget(request.uri());
        boolean foreign = !known || target != null && !origins.allowsHost(target);
        return foreign ? Optional.of(Problem.foreignHost()) : Optional.empty();
    }

    /** A target in the form proxies are asked in names a host of its own, which counts more than the header; else null. */
    private static String hostOfTarget(String target) {
        int scheme = target.startsWith("/") ? -1 : target.indexOf("://");
        if (scheme < 0) {
            return null;
        }
        int from = scheme + "://".length();
        int to = from;
        while (to < target.length() && "/?#".indexOf(target.charAt(to)) < 0) {
            to++;
        }
        return target.substring(from, to);
    }

    private static int lengths(HttpServerRequest request) {
        return request.headers().getAll(HttpHeaders.CONTENT_LENGTH).size()
                + request.headers().getAll(HttpHeaders.TRANSFER_ENCODING).size();
    }

    // On HTTP/2 the name is in :authority; a Host beside it that says something else is a second one.
    private static int hosts(HttpServerRequest request) {
        List<String> hosts = request.headers().getAll(HttpHeaders.HOST);
        boolean same = request.version() != HttpVersion.HTTP_2
                || request.authority() != null
                        && hosts.stream().allMatch(request.authority().toString()::equalsIgnoreCase);
        return same ? hosts.size() : 2;
    }

    // Plain loops from here on: this is asked of every header of every request.
    private static boolean hasHeaderOneLetterOff(HttpServerRequest request) {
        for (Map.Entry<String, String> header : request.headers()) {
            if (isOneLetterOff(header.getKey())) {
                return true;
            }
        }
        return false;
    }

    private static boolean isOneLetterOff(String name) {
        for (String framing : FRAMING) {
            if (framing.length() == name.length() && differOnce(framing, name)) {
                return true;
            }
        }
        return false;
    }

    private static boolean differOnce(String framing, String name) {
        int differences = 0;
        for (int i = 0; i < framing.length() && differences < 2; i++) {
            differences += framing.charAt(i) == Character.toLowerCase(name.charAt(i)) ? 0 : 1;
        }
        return differences == 1;
    }
}
