package dev.lifeline.gateway.http;

import dev.lifeline.gateway.rpc.TraceContext;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.MDC;

/**
 * What one request is called in the answer, in problems and in log records: its trace id, else the name somebody before
 * us gave it, else one of our own.
 *
 * <p>It is kept in the answer's head and nowhere else, so that a stream costs nothing for it once its head is gone; work
 * that leaves the request takes it along in the messages' {@link TraceContext}.
 */
public final class Correlation {

    /** The header of the answer, and of a request that was named before. */
    public static final String HEADER = "X-Request-Id";

    /** Its name in log records and in problems. */
    static final String KEY = "request_id";

    private static final int LONGEST = 128;

    private Correlation() {}

    /** Names the request, before anybody can have anything to say about it. */
    public static void name(HttpServerRequest request) {
        request.response().putHeader(HEADER, choose(request));
    }

    private static String choose(HttpServerRequest request) {
        String trace = TraceContext.traceId(request.headers().getAll(TraceContext.TRACEPARENT));
        if (trace != null) {
            return trace;
        }
        String named = request.getHeader(HEADER);
        return named != null && isWellFormed(named)
                ? named
                : HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
    }

    /** Letters, digits and a few signs that mean nothing in a log, a header or a page. */
    private static boolean isWellFormed(String named) {
        return !named.isEmpty() && named.length() <= LONGEST && named.chars().allMatch(Correlation::isPlain);
    }

    private static boolean isPlain(int sign) {
        return sign >= 'a' && sign <= 'z'
                || sign >= 'A' && sign <= 'Z'
                || sign >= '0' && sign <= '9'
                || "-_.:/+=".indexOf(sign) >= 0;
    }

    /** The name of the request that this answers, or null where the head is gone. */
    static String of(HttpServerResponse response) {
        return response.headers().get(HEADER);
    }

    /** What the messages of a request take along. */
    public static TraceContext trace(HttpServerRequest request) {
        return TraceContext.of(of(request.response()), request.headers()::getAll);
    }

    /** Says something to the log in the name of a request. */
    public static void logging(HttpServerResponse response, Runnable words) {
        logging(of(response), words);
    }

    private static void logging(String name, Runnable words) {
        if (name == null) {
            words.run();
            return;
        }
        MDC.put(KEY, name);
        try {
            words.run();
        } finally {
            MDC.remove(KEY);
        }
    }
}
