package dev.lifeline.gateway.upstream;

import dev.lifeline.gateway.client.Door;
import dev.lifeline.gateway.client.Sending;
import dev.lifeline.gateway.session.Ending;
import dev.lifeline.gateway.session.LinkFailure;
import dev.lifeline.gateway.session.Passage;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import java.util.Locale;
import java.util.Set;

/** The way for the modern revision: a POST with what it came with, but for what is between two neighbours only. */
final class StreamablePassage implements Passage {

    /** What belongs to one connection, and who the client is: an upstream is told what is configured for it. */
    private static final Set<String> NOT_PASSED = Set.of(
            "host",
            "connection",
            "keep-alive",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade",
            "expect",
            "content-length",
            "accept-encoding",
            "authorization",
            "proxy-authorization",
            "proxy-connection",
            "cookie",
            "origin",
            "forwarded");

    private final Door door;

    StreamablePassage(Door door) {
        this.door = door;
    }

    @Override
    public Future<Answer> post(MultiMap headers, Buffer body, Future<Void> calledOff) {
        MultiMap all = MultiMap.caseInsensitiveMultiMap();
        headers.forEach((name, value) -> {
            if (passes(name.toLowerCase(Locale.ROOT))) {
                all.add(name, value);
            }
        });
        door.headers().forEach((name, value) -> all.set(name, value));
        Sending sending = door.postAndAttend(door.url(), all, body);
        calledOff.onSuccess(off -> sending.cancel());
        return sending.go().compose(StreamablePassage::answer);
    }

    private static boolean passes(String name) {
        return !NOT_PASSED.contains(name) && !name.startsWith("x-forwarded-");
    }

    private static Future<Answer> answer(HttpClientResponse response) {
        int status = response.statusCode();
        if (status >= 300 && status < 400) {
            response.resume();
            return Future.failedFuture(new LinkFailure(Ending.REFUSED, "the upstream answered with status " + status));
        }
        return Future.succeededFuture(new Answer(status, response.headers(), response));
    }
}
