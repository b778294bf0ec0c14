package dev.lifeline.gateway.mcp;

import dev.lifeline.gateway.rpc.RpcError;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Why an MCP request is refused: a status for HTTP and an error for JSON-RPC. Thrown or failed with anywhere; {@link
 * RpcProblems} alone writes it. An answer and not a defect, so without a stack trace.
 */
final class Refusal extends RuntimeException {

    static final int UNKNOWN_SESSION = -32001;
    static final int UNAVAILABLE = -32002;

    private static final int NOT_THIS_WAY = -32000;

    private final int status;
    private final int code;
    private final String id;
    private final String data;
    private final Map<String, String> headers;

    private Refusal(int status, int code, String message, String id, String data, Map<String, String> headers) {
        super(message, null, false, false);
        this.status = status;
        this.code = code;
        this.id = id;
        this.data = data;
        this.headers = headers;
    }

    static Refusal of(int status, int code, String message) {
        return new Refusal(status, code, message, null, null, Map.of());
    }

    static Refusal invalid(String message) {
        return of(400, RpcError.INVALID_REQUEST, message);
    }

    static Refusal unknownSession() {
        return of(404, UNKNOWN_SESSION, "Session not found");
    }

    static Refusal sessionMissing() {
        return of(400, NOT_THIS_WAY, "Bad Request: the Mcp-Session-Id header is required");
    }

    /** Not 404, by which clients would learn that their session is gone. */
    static Refusal unknownEvent() {
        return of(400, NOT_THIS_WAY, "Bad Request: this Last-Event-ID cannot be resumed from");
    }

    static Refusal unsupportedVersion() {
        String supported = String.join(", ", Revision.WITH_SESSIONS);
        return of(400, NOT_THIS_WAY, "Bad Request: unsupported protocol version (supported: " + supported + ")");
    }

    static Refusal notAllowed(String allowed) {
        return of(405, NOT_THIS_WAY, "Method not allowed").with("Allow", allowed);
    }

    /** Any 4xx ends the attempts of clients that come back by themselves. */
    static Refusal gone(String successor) {
        return of(
                        410,
                        NOT_THIS_WAY,
                        "The HTTP+SSE transport is no longer served here: use Streamable HTTP at " + successor)
                .with("Link", "<" + successor + ">; rel=\"successor-version\"");
    }

    static Refusal notAcceptable(String wanted) {
        return of(406, NOT_THIS_WAY, "Not Acceptable: the client must accept " + wanted);
    }

    static Refusal unsupportedType() {
        return of(415, NOT_THIS_WAY, "Unsupported Media Type: the Content-Type must be application/json");
    }

    static Refusal unavailable() {
        return of(503, UNAVAILABLE, "Nothing can be promised just now").with("Retry-After", "1");
    }

    /** The same, with one more header. */
    Refusal with(String header, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(header, value);
        return new Refusal(status, code, getMessage(), id, data, Map.copyOf(more));
    }

    /** The same, as the answer to a request. */
    Refusal to(String request) {
        return new Refusal(status, code, getMessage(), request, data, headers);
    }

    /** The same, saying more in JSON. */
    Refusal saying(String json) {
        return new Refusal(status, code, getMessage(), id, json, headers);
    }

    int status() {
        return status;
    }

    Map<String, String> headers() {
        return headers;
    }

    /** The body: one line of JSON. */
    String answer() {
        return RpcError.answer(id, code, getMessage(), data);
    }
}
