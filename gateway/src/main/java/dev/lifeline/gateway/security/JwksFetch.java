package dev.lifeline.gateway.security;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Fetches a JWK set: one GET, no redirects, bounded in time and bytes. When to do so is {@link PublishedKeys}' business.
 */
final class JwksFetch implements Supplier<Future<TokenKeys>> {

    private static final Duration DEADLINE = Duration.ofSeconds(5);

    /** A set of a hundred RSA keys with certificates is a quarter of it. */
    private static final int MOST_BYTES = 1 << 20;

    private final Vertx vertx;
    private final HttpClient client;
    private final RequestOptions target;

    JwksFetch(Vertx vertx, URI url) {
        boolean loopback = Origins.byDefault("localhost", false).allowsHost(String.valueOf(url.getHost()));
        if (!"https".equals(url.getScheme()) && !("http".equals(url.getScheme()) && loopback)) {
            throw new IllegalArgumentException("keys are fetched by https, or by http from this machine");
        }
        this.vertx = vertx;
        this.client = vertx.createHttpClient();
        this.target = new RequestOptions()
                .setMethod(HttpMethod.GET)
                .setAbsoluteURI(url.toString())
                .setFollowRedirects(false)
                .setTimeout(DEADLINE.toMillis());
    }

    @Override
    public Future<TokenKeys> get() {
        return client.request(target)
                .compose(request -> request.send().compose(JwksFetch::body).onFailure(failure -> request.reset()))
                .map(body -> new TokenKeys(vertx, TokenKeyFormats.set(new JsonObject(body))))
                .timeout(DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static Future<Buffer> body(HttpClientResponse response) {
        if (response.statusCode() != 200) {
            return Future.failedFuture("status " + response.statusCode());
        }
        Promise<Buffer> body = Promise.promise();
        Buffer bytes = Buffer.buffer();
        response.handler(chunk -> {
            if (bytes.length() + chunk.length() <= MOST_BYTES) {
                bytes.appendBuffer(chunk);
            } else {
                body.tryFail("more than " + MOST_BYTES + " bytes");
            }
        });
        response.exceptionHandler(body::tryFail).endHandler(end -> body.tryComplete(bytes));
        return body.future();
    }
}
