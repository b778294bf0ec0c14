package dev.lifeline.gateway.client;

import io.vertx.core.Context;
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
 * Where another server is reached by HTTP: its place, what is said in every request, and the connections to it. What is
 * sent, and what stands, do not take each other's connections. Nothing leaves for another origin.
 */
public final class Door {

    /**
     * What holds for a place and all that is sent there.
     *
     * @param connecting how long a connection may take
     * @param idle how long bytes may lie unacknowledged
     * @param answering how long each byte of an answer is waited for
     * @param posts connections for what is sent
     * @param streams connections for what stands
     * @param failures what a request that came to nothing fails with
     */
    public record Terms(
            Duration connecting, Duration idle, Duration answering, int posts, int streams, Failures failures) {}

    /** Makes failures in the words of whoever sends. */
    public interface Failures {

        Throwable of(Sending.Fate fate, String why);
    }

    static final String EVENT_STREAM = "text/event-stream";
    public static final String LAST_EVENT_ID = "Last-Event-ID";

    /** Many servers close an idle connection after five seconds; a request sent at that moment might have run. */
    private static final int KEEP_ALIVE_SECONDS = 4;

    private static final int SWEEP_MILLIS = 500;

    private final Vertx vertx;
    private final URI url;
    private final Map<String, String> headers;
    private final Terms terms;
    private final HttpClient posts;
    private final HttpClient streams;
    private final RequestOptions target;

    public Door(Vertx vertx, URI url, Map<String, String> headers, Terms terms) {
        this.vertx = vertx;
        this.url = checked(url);
        this.headers = Map.copyOf(headers);
        this.terms = terms;
        HttpClientOptions options = new HttpClientOptions()
                .setKeepAliveTimeout(KEEP_ALIVE_SECONDS)
                .setConnectTimeout(millis(terms.connecting()))
                .setTcpKeepAlive(true)
                .setTcpUserTimeout(millis(terms.idle()));
        this.posts = client(vertx, options, terms.posts());
        this.streams = client(vertx, options, terms.streams());
        this.target = new RequestOptions()
                .setAbsoluteURI(url.toString())
                .setConnectTimeout(terms.connecting().toMillis())
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
            throw new IllegalArgumentException("a server's URL begins with http:// or https:// and a host");
        }
        return url;
    }

    /** An event id as a header carries it: its UTF-8, byte by byte. */
    public static String asHeader(String eventId) {
        return new String(eventId.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    /** Where what is sent now is at home: where its sender is, if that is on an event loop. */
    Context context() {
        return vertx.getOrCreateContext();
    }

    Failures failures() {
        return terms.failures();
    }

    public URI url() {
        return url;
    }

    /** What somebody names as a place, or null where it is none, or lies elsewhere. */
    public URI place(String named) {
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
    public static String path(URI place) {
        String path = place.getRawPath();
        String query = place.getRawQuery();
        return (path == null || path.isEmpty() ? "/" : path) + (query == null ? "" : "?" + query);
    }

    /** Headers for a request, with what is configured for all of them. */
    public MultiMap headers() {
        MultiMap all = HttpHeaders.headers();
        headers.forEach(all::set);
        return all;
    }

    /** A message; the wait is for each byte of the answer. */
    public Sending post(URI place, MultiMap with, Buffer body) {
        return post(place, with, body, terms.answering());
    }

    public Sending post(URI place, MultiMap with, Buffer body, Duration wait) {
        return new Sending(this, posts, new Sending.Letter(HttpMethod.POST, place, with, body, wait));
    }

    /** A message whose answer may stand. */
    public Sending postAndAttend(URI place, MultiMap with, Buffer body) {
        return new Sending(this, streams, new Sending.Letter(HttpMethod.POST, place, with, body, terms.answering()));
    }

    /** A stream that stands. */
    public Sending attend(URI place, MultiMap with, Duration wait) {
        with.set(HttpHeaders.ACCEPT, EVENT_STREAM);
        return new Sending(this, streams, new Sending.Letter(HttpMethod.GET, place, with, null, wait));
    }

    public Sending delete(URI place, MultiMap with, Duration wait) {
        return new Sending(this, posts, new Sending.Letter(HttpMethod.DELETE, place, with, null, wait));
    }

    RequestOptions options(Sending.Letter letter) {
        return new RequestOptions(target)
                .setMethod(letter.method())
                .setURI(path(letter.place()))
                .setHeaders(letter.headers())
                .setIdleTimeout(letter.patience().toMillis());
    }

    public Future<Void> close() {
        return Future.join(posts.shutdown(0, TimeUnit.SECONDS), streams.shutdown(0, TimeUnit.SECONDS))
                .mapEmpty();
    }
}
