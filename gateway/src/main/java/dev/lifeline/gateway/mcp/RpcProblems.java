package dev.lifeline.gateway.mcp;

import dev.lifeline.gateway.http.Correlation;
import dev.lifeline.gateway.http.Problem;
import dev.lifeline.gateway.log.LogUnavailable;
import dev.lifeline.gateway.rpc.RpcError;
import dev.lifeline.gateway.session.LinkFailure;
import dev.lifeline.gateway.session.TooManyExchanges;
import dev.lifeline.gateway.session.TooManySessions;
import dev.lifeline.gateway.session.UnknownSession;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.UUID;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one place where an error of the MCP routes meets the wire: in JSON-RPC, whatever it was. */
final class RpcProblems implements Handler<RoutingContext> {

    private static final Logger LOG = LoggerFactory.getLogger(RpcProblems.class);
    private static final int DEFECT = 500;

    private final Predicate<String> ours;

    /** For the paths that are MCP's. */
    RpcProblems(Predicate<String> ours) {
        this.ours = ours;
    }

    @Override
    public void handle(RoutingContext context) {
        String path = context.request().path();
        if (path == null || !ours.test(path) || isForeign(context.failure())) {
            context.next();
        } else if (context.response().headWritten() || context.response().closed()) {
            LOG.debug("failed with nobody to tell: the head was sent, or the client left", context.failure());
        } else {
            Correlation.logging(context.response(), () -> write(context.response(), refusal(context)));
        }
    }

    /** Whoever came by a wrong name or from a wrong page is told so in one form on every route. */
    private static boolean isForeign(Throwable failure) {
        return failure instanceof Problem problem && problem.slug().startsWith("foreign-");
    }

    private static Refusal refusal(RoutingContext context) {
        Throwable failure = context.failure();
        if (failure == null) {
            int status = context.statusCode() < 0 ? DEFECT : context.statusCode();
            return Refusal.of(status, status < DEFECT ? RpcError.INVALID_REQUEST : RpcError.INTERNAL, "Refused");
        }
        return of(failure);
    }

    /** What a failure is called on the wire. */
    static Refusal of(Throwable failure) {
        if (failure instanceof Refusal refusal) {
            return refusal;
        }
        if (failure instanceof RpcError error) {
            return Refusal.of(400, error.code(), error.getMessage()).to(error.id());
        }
        if (failure instanceof UnknownSession) {
            return Refusal.unknownSession();
        }
        if (failure instanceof LogUnavailable) {
            return Refusal.unavailable();
        }
        if (failure instanceof TooManyExchanges) {
            return Refusal.of(429, Refusal.UNAVAILABLE, "Too many requests without an answer")
                    .with("Retry-After", "1");
        }
        if (failure instanceof TooManySessions) {
            return Refusal.of(503, Refusal.UNAVAILABLE, "Too many sessions").with("Retry-After", "5");
        }
        if (failure instanceof LinkFailure broken) {
            return Refusal.of(
                    502,
                    broken.ending().mayHaveRun() ? RpcError.MAY_HAVE_RUN : RpcError.NOT_RUN,
                    "The MCP server behind the gateway did not answer");
        }
        return failure instanceof Problem problem ? of(problem) : defect(failure);
    }

    private static Refusal of(Problem problem) {
        int code = problem.status() >= DEFECT ? Refusal.UNAVAILABLE : RpcError.INVALID_REQUEST;
        Refusal refusal = Refusal.of(
                problem.status(),
                problem.slug().equals("bad-utf8") ? RpcError.PARSE : code,
                problem.title() + ". " + problem.detail());
        for (var header : problem.headers().entrySet()) {
            refusal = refusal.with(header.getKey(), header.getValue());
        }
        return refusal;
    }

    private static Refusal defect(Throwable failure) {
        String instance = UUID.randomUUID().toString();
        LOG.error("unforeseen failure, instance {}", instance, failure);
        return Refusal.of(DEFECT, RpcError.INTERNAL, "Internal error, instance " + instance);
    }

    private static void write(HttpServerResponse response, Refusal refusal) {
        LOG.atDebug().addKeyValue("status", refusal.status()).log("a request was refused");
        response.setStatusCode(refusal.status());
        refusal.headers().forEach(response::putHeader);
        response.putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                .end(refusal.answer());
    }
}
