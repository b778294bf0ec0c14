package dev.lifeline.gateway.http;

import dev.lifeline.gateway.security.AuthenticationFailed;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one place where an error meets the wire: whatever a route failed with leaves as {@code application/problem+json}.
 *
 * <p>What nobody foresaw is answered without a word about it and logged once, under the id the answer carries. Once a
 * head was sent there is nothing left to say: that stream's owner ends it.
 */
public final class Problems implements Handler<RoutingContext> {

    private static final Logger LOG = LoggerFactory.getLogger(Problems.class);

    /** What the router finds out by itself, without any route having failed. */
    private static final Set<Integer> ROUTER_VERDICTS = Set.of(400, 404, 405, 406, 415, 500);

    private static final int DEFECT = 500;

    private final Router router;

    private Problems(Router router) {
        this.router = router;
    }

    /** Answers for every failure of this router; failure handlers added before take precedence on their routes. */
    public static void install(Router router) {
        Problems problems = new Problems(router);
        ROUTER_VERDICTS.forEach(status -> router.errorHandler(status, context -> problems.answer(context, status)));
        router.route().failureHandler(problems);
    }

    @Override
    public void handle(RoutingContext context) {
        answer(context, DEFECT);
    }

    // The router hands some verdicts over by calling the handler of their status, and leaves them unsaid otherwise.
    private void answer(RoutingContext context, int verdict) {
        if (context.response().headWritten() || context.response().closed()) {
            Correlation.logging(
                    context.response(),
                    () -> LOG.debug(
                            "failed with nobody to tell: the head was sent, or the client left", context.failure()));
            return;
        }
        Problem problem = problem(context, context.statusCode() < 0 ? verdict : context.statusCode());
        Optional<String> instance = Optional.empty();
        if (problem.status() == DEFECT) {
            instance = Optional.of("urn:uuid:" + UUID.randomUUID());
            String name = instance.get();
            Correlation.logging(
                    context.response(), () -> LOG.error("unforeseen failure, instance {}", name, context.failure()));
        } else {
            Correlation.logging(
                    context.response(),
                    () -> LOG.atDebug().addKeyValue("problem", problem.slug()).log("a request was refused"));
        }
        write(context, problem, instance);
    }

    private Problem problem(RoutingContext context, int status) {
        Throwable failure = context.failure();
        if (failure instanceof Problem problem) {
            return problem;
        }
        if (failure instanceof AuthenticationFailed) {
            return Authentication.refusal(true);
        }
        return switch (status) {
            case DEFECT -> Problem.internal();
            case 400 -> unreadable(context.request());
            case 405 -> Problem.methodNotAllowed(allowed(context.normalizedPath()));
            default -> Problem.ofStatus(status);
        };
    }

    // The router looks at the host before any handler of ours can.
    private static Problem unreadable(HttpServerRequest request) {
        if (request.authority() == null) {
            LastAnswer.of(request);
            return Problem.badHost("Send one Host header that can be read.");
        }
        return Problem.badRequest("The target or a parameter cannot be read.");
    }

    private static void write(RoutingContext context, Problem problem, Optional<String> instance) {
        LastAnswer.unlessReadToItsEnd(context.request());
        write(context.response(), problem, instance);
    }

    static Future<Void> write(HttpServerResponse response, Problem problem, Optional<String> instance) {
        response.setStatusCode(problem.status());
        response.putHeader("Content-Type", "application/problem+json");
        response.putHeader("Cache-Control", "no-store");
        problem.headers().forEach(response::putHeader);
        JsonObject body = problem.body(instance);
        Optional.ofNullable(Correlation.of(response)).ifPresent(name -> body.put(Correlation.KEY, name));
        return response.end(body.toBuffer());
    }

    // Vert.x knows them too and tells nobody.
    private Set<String> allowed(String path) {
        Set<String> methods = new TreeSet<>();
        for (Route route : router.getRoutes()) {
            if (route.methods() != null && route.getPath() != null && matches(route, path)) {
                route.methods().stream().map(HttpMethod::name).forEach(methods::add);
            }
        }
        return methods;
    }

    private static boolean matches(Route route, String path) {
        String pattern = "\\Q" + route.getPath().replaceAll(":\\w+", "\\\\E[^/]+\\\\Q") + "\\E";
        return Pattern.matches(pattern + (route.isExactPath() ? "/?" : ".*"), path);
    }
}
