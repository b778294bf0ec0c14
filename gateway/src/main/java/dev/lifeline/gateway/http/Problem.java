package dev.lifeline.gateway.http;

import dev.lifeline.gateway.security.Limit;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Why a request is refused, in the words of RFC 9457. Thrown or failed with anywhere; {@link Problems} alone writes it.
 *
 * <p>The slug is part of the contract: clients switch on it. The detail is for people and may change. An exception
 * without a stack trace, because it is an answer and not a defect.
 */
public final class Problem extends RuntimeException {

    /** What a problem's {@code type} begins with; the slug follows. */
    public static final String TYPE_PREFIX = "urn:lifeline:problem:";

    private static final Duration A_MOMENT = Duration.ofSeconds(1);
    private static final Duration A_WHILE = Duration.ofSeconds(5);

    private final int status;
    private final String slug;
    private final String detail;
    private final Map<String, String> headers;

    private Problem(int status, String slug, String title, String detail, Map<String, String> headers) {
        super(title, null, false, false);
        this.status = status;
        this.slug = slug;
        this.detail = detail;
        this.headers = headers;
    }

    private static Problem of(int status, String slug, String title, String detail) {
        return new Problem(status, slug, title, detail, Map.of());
    }

    public static Problem badRequest(String detail) {
        return of(400, "bad-request", "The request makes no sense", detail);
    }

    /** A request whose end two readers would see at different places. */
    public static Problem ambiguousRequest(String detail) {
        return of(400, "ambiguous-request", "The request can be read in more than one way", detail);
    }

    public static Problem badHost(String detail) {
        return of(400, "bad-host", "The request must name exactly one host", detail);
    }

    public static Problem unexpectedBody() {
        return of(400, "unexpected-body", "This method takes no body", "Send it without Content-Length.");
    }

    public static Problem badChannelName(String detail) {
        return of(400, "bad-channel-name", "No channel can have this name", detail);
    }

    public static Problem badUtf8() {
        return of(
                400,
                "bad-utf8",
                "The body is not UTF-8",
                "Events are text; encode other bytes, as base64 for instance.");
    }

    /** The credential is missing or not accepted; which of them, only the challenge tells. */
    public static Problem unauthorized(String challenge) {
        return of(401, "unauthorized", "Who is asking?", "Send a valid token: Authorization: Bearer …")
                .with("WWW-Authenticate", challenge);
    }

    public static Problem forbidden(String detail) {
        return of(403, "forbidden", "Not allowed", detail);
    }

    public static Problem foreignOrigin() {
        return of(
                403,
                "foreign-origin",
                "This page may not call the gateway",
                "Its origin is not on the list of origins: see allowed_origins.");
    }

    public static Problem foreignHost() {
        return of(
                403,
                "foreign-host",
                "The gateway does not answer to this name",
                "The host is not on the list of hosts: see allowed_hosts.");
    }

    public static Problem notFound() {
        return of(404, "not-found", "There is nothing here", "No such resource.");
    }

    public static Problem methodNotAllowed(Collection<String> allowed) {
        Problem problem =
                of(405, "method-not-allowed", "Not with this method", "Allowed: " + String.join(", ", allowed));
        return problem.with("Allow", String.join(", ", allowed));
    }

    public static Problem notAcceptable(String offered) {
        return of(406, "not-acceptable", "Not available in this form", "The answer is " + offered + ": accept it.");
    }

    public static Problem bodyTooSlow(Duration deadline) {
        return of(408, "body-too-slow", "The body did not arrive in time", "It had " + deadline.toSeconds() + " s.");
    }

    public static Problem bodyTooLarge(long mostBytes) {
        return of(413, "body-too-large", "The body is too large", "At most " + mostBytes + " bytes.");
    }

    public static Problem eventTooLarge(long mostBytes) {
        return of(413, "event-too-large", "The event is too large", "At most " + mostBytes + " bytes of data.");
    }

    public static Problem unsupportedMediaType(String supported) {
        return of(415, "unsupported-media-type", "Not a media type for this resource", "Send " + supported + ".");
    }

    /** Someone's own share is used up (429), or everybody's is (503). */
    public static Problem tooManyConnections(Limit limit) {
        int status = limit == Limit.IN_ALL ? 503 : 429;
        return of(status, "too-many-connections", "Too many connections", "The limit is " + limit.label() + ".")
                .retryAfter(A_WHILE);
    }

    /** The store is away; whether the request was carried out may be unknown, and a repetition is safe only with a key. */
    public static Problem logUnavailable(boolean repeatable) {
        String advice = repeatable
                ? "Send it again with the same Idempotency-Key: it will be kept once."
                : "It may have been kept or not; with an Idempotency-Key sending it again is safe.";
        return of(503, "log-unavailable", "Events cannot be kept just now", advice)
                .retryAfter(A_MOMENT);
    }

    /** A defect on our side; the id finds the log line that tells more. */
    public static Problem internal() {
        return of(500, "internal", "The gateway failed", "The log has more under this instance.");
    }

    /** What a status alone can tell, for failures that come from the router. */
    static Problem ofStatus(int status) {
        return switch (status) {
            case 404 -> notFound();
            case 406 -> of(406, "not-acceptable", "Not available in this form", "Accept another media type.");
            case 413 -> of(413, "body-too-large", "The body is too large", "Send less.");
            case 414 -> of(414, "target-too-long", "The target is too long", "Send a shorter URL.");
            case 431 -> of(431, "headers-too-large", "The headers are too large", "Send less of them.");
            case 415 -> of(415, "unsupported-media-type", "Not a media type for this resource", "Send another.");
            default -> of(status, "status-" + status, "Refused", "The request could not be served.");
        };
    }

    /** The same problem with one more header. */
    public Problem with(String header, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(header, value);
        return new Problem(status, slug, title(), detail, Map.copyOf(more));
    }

    /** The same problem, with when to try again, in whole seconds and at least one. */
    public Problem retryAfter(Duration delay) {
        return with("Retry-After", Long.toString(Math.max(1, delay.toSeconds())));
    }

    public int status() {
        return status;
    }

    public String slug() {
        return slug;
    }

    public String title() {
        return getMessage();
    }

    public String detail() {
        return detail;
    }

    public Map<String, String> headers() {
        return headers;
    }

    /** The body, {@code instance} included where this occurrence has an id of its own. */
    JsonObject body(Optional<String> instance) {
        JsonObject body = new JsonObject()
                .put("type", TYPE_PREFIX + slug)
                .put("title", title())
                .put("status", status)
                .put("detail", detail);
        instance.ifPresent(id -> body.put("instance", id));
        return body;
    }
}
