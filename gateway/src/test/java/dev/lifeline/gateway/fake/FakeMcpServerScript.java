package dev.lifeline.gateway.fake;

import io.vertx.core.http.HttpServerRequest;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** What a {@link FakeMcpServer} was told to do; lives on its context. */
final class FakeMcpServerScript {

    /** One request that comes to nothing: a status, or 0 for a broken connection. */
    record Refusal(String method, int status, String body, String... headers) {}

    FakeMcpServer.Style style = FakeMcpServer.Style.JSON;
    boolean eventIds;
    boolean sessions = true;
    Long closeEarly;
    int cutAfter = -1;
    long delay;
    String endpoint;
    String babble;
    boolean silent;
    final List<Refusal> refusals = new ArrayList<>();

    int takeCut() {
        int taken = cutAfter;
        cutAfter = -1;
        return taken;
    }

    Long takeCloseEarly() {
        Long taken = closeEarly;
        closeEarly = null;
        return taken;
    }

    String takeBabble() {
        String taken = babble;
        babble = null;
        return taken;
    }

    /** Whether the request was answered by a refusal. */
    boolean refuse(HttpServerRequest request) {
        for (Iterator<Refusal> all = refusals.iterator(); all.hasNext(); ) {
            Refusal refusal = all.next();
            if (refusal.method().equals(request.method().name())) {
                all.remove();
                carryOut(refusal, request);
                return true;
            }
        }
        return false;
    }

    private static void carryOut(Refusal refusal, HttpServerRequest request) {
        if (refusal.status() == 0) {
            request.connection().close();
            return;
        }
        request.response().setStatusCode(refusal.status());
        for (int i = 0; i < refusal.headers().length; i += 2) {
            request.response().putHeader(refusal.headers()[i], refusal.headers()[i + 1]);
        }
        request.response().end(refusal.body());
    }
}
