package dev.lifeline.gateway.upstream;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Where an upstream is reached by HTTP: its place, what is said in every request, and the connections to it. What is
 * sent, and what stands, do not take each other's connections. Nothing leaves for another origin.
 */
final class Door {

    static final String EVENT_STREAM = "text/event-stream";
    static final String LAST_EVENT_ID = "Last-Event-ID";

    /** Many servers close an idle connection after five seconds; a request sent at that moment might have run. */
    private static final int KEEP_ALIVE_SECONDS = 4;

    private static final int SWEEP_MILLIS = 500;

    private final URI url;
    private final Map<String, String> headers;
    private final Waits waits;
    private final HttpClient posts;
    private final HttpClient streams;
    private final RequestOptions target;

    Door(Vertx vertx, URI url, Map<String, String> headers, UpstreamTerms terms) {
        this.url = checked(url);
        this.headers = Map.copyOf(headers);
        this.waits = terms.waits();
        HttpClientOptions options = new HttpClientOptions()
                .setKeepAliveTimeout(KEEP_ALIVE_SECONDS)
                .setConnectTimeout(millis(waits.connecting()))
                .setTcpKeepAlive(true)
                .setTcpUserTimeout(millis(waits.idle()));
        this.posts = client(vertx, options, terms.room().posts());
        this.streams = client(vertx, options, terms.room().streams());
        this.target = new RequestOptions()
                .setAbsoluteURI(url.toString())
                .setConnectTimeout(waits.connecting().toMillis())
                .setFollowRedirects(false);
    }

    private static int millis(Duration wait) {
        return (int) Math.min(Integer.MAX_VALUE, wait.toMillis());
    }

    private static HttpClient client(Vertx vertx, HttpClientOptions options, int size) {
        PoolOptions pool = new PoolOptions()
                .setHttp1MaxSize(size)
                .setMaxWaitQueueSize(size)
                .setCleanerPeriod(SWEEP_MILLIS);
        // Requests hear of what befalls their connection; of an idle one that is reset nobody has to.
        return vertx.httpClientBuilder()
                .with(options)
                .with(pool)
                .withConnectHandler(connection -> connection.exceptionHandler(lost -> {}))
                .build();
    }

    private static URI checked(URI url) {
        boolean http = "http".equalsIgnoreCase(url.getScheme()) || "https".equalsIgnoreCase(url.getScheme());
        if (!http || url.getHost() == null) {
            throw new IllegalArgumentException("an upstream's URL begins with http:// or https:// and a host");
        }
        return url;
    }

    /** An event id as a header carries it: its UTF-8, byte by byte. */
    static String asHeader(String eventId) {
        return new String(eventId.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    URI url() {
        return url;
    }

    /** What somebody names as a place, or null where it is none, or lies elsewhere. */
    URI place(String named) {
        return place(url, named);
    }

    URI place(URI from, String named) {
        try {
            URI place = from.resolve(named);
            return sameOrigin(place) ? place : null;
        } catch (IllegalArgumentException noUrl) {
            return null;
        }
    }

    private boolean sameOrigin(URI place) {
        return url.getScheme().equalsIgnoreCase(place.getScheme())
                && url.getHost().equalsIgnoreCase(place.getHost())
                && port(url) == port(place);
    }

    private static int port(URI url) {
        if (url.getPort() >= 0) {
            return url.getPort();
        }
        return "https".equalsIgnoreCase(url.getScheme()) ? 443 : 80;
    }

    /** A place as it stands in a request, and can be resolved again. */
    static String path(URI place) {
        String path = place.getRawPath();
        String query = place.getRawQuery();
        return (path == null || path.isEmpty() ? "/" : path) + (query == null ? "" : "?" + query);
    }

    /** Headers for a request, with what is configured for all of them. */
    MultiMap headers() {
        MultiMap all = HttpHeaders.headers();
        headers.forEach(all::set);
        return all;
    }

    /** A message; the wait is for each byte of the answer. */
    Sending post(URI place, MultiMap with, Buffer body) {
        return post(place, with, body, waits.answering());
    }

    Sending post(URI place, MultiMap with, Buffer body, Duration wait) {
        return new Sending(this, posts, new Sending.Letter(HttpMethod.POST, place, with, body, wait));
    }

    /** A message whose answer may stand. */
    Sending postAndAttend(URI place, MultiMap with, Buffer body) {
        return new Sending(this, streams, new Sending.Letter(HttpMethod.POST, place, with, body, waits.answering()));
    }

    /** A stream that stands. */
    Sending attend(URI place, MultiMap with, Duration wait) {
        with.set(HttpHeaders.ACCEPT, EVENT_STREAM);
        return new Sending(this, streams, new Sending.Letter(HttpMethod.GET, place, with, null, wait));
    }

    Sending delete(URI place, MultiMap with, Duration wait) {
        return new Sending(this, posts, new Sending.Letter(HttpMethod.DELETE, place, with, null, wait));
    }

    RequestOptions options(Sending.Letter letter) {
        return new RequestOptions(target)
                .setMethod(letter.method())
                .setURI(path(letter.place()))
                .setHeaders(letter.headers())
                .setIdleTimeout(letter.patience().toMillis());
    }

    Future<Void> close() {
        return Future.join(posts.shutdown(0, TimeUnit.SECONDS), streams.shutdown(0, TimeUnit.SECONDS))
                .mapEmpty();
    }
}
