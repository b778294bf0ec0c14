package dev.lifeline.gateway.upstream;

import dev.lifeline.gateway.client.Silence;
import dev.lifeline.gateway.session.Ending;
import dev.lifeline.gateway.session.LinkFailure;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import java.time.Duration;

/** Reads a response to its end, up to a bound. */
final class WholeBody {

    private WholeBody() {}

    /** Fails with a {@link LinkFailure} when the body is cut off or too large; then its connection is of no more use. */
    static Future<Buffer> of(Vertx vertx, HttpClientResponse response, int most, Duration patience) {
        Promise<Buffer> body = Promise.promise();
        Buffer bytes = Buffer.buffer();
        Silence silence = new Silence(vertx, patience, () -> fail(body, "the answer stopped coming"));
        response.exceptionHandler(cut -> fail(body, "the answer was cut off"))
                .endHandler(end -> body.tryComplete(bytes))
                .handler(chunk -> {
                    silence.heard();
                    if (bytes.length() + chunk.length() <= most) {
                        bytes.appendBuffer(chunk);
                    } else {
                        fail(body, "the answer has more than " + most + " bytes");
                    }
                });
        response.resume();
        return body.future().onComplete(whole -> silence.stop());
    }

    private static void fail(Promise<Buffer> body, String why) {
        body.tryFail(new LinkFailure(Ending.LOST, why));
    }
}
