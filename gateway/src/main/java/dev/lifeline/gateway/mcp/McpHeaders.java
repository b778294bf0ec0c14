package dev.lifeline.gateway.mcp;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.MIMEHeader;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Locale;

/** The headers of MCP over HTTP, and the rules about them that hold on every route. */
public final class McpHeaders {

    /** What pages may send, beyond what every route takes. */
    public static final List<String> REQUEST = List.of(
            "Mcp-Session-Id",
            "MCP-Protocol-Version",
            "Mcp-Method",
            "Mcp-Name",
            "X-Session-ID",
            "Prefer",
            "traceparent",
            "tracestate",
            "baggage");

    /** What pages may read, beyond what every route shows. */
    public static final List<String> EXPOSED =
            List.of("Mcp-Session-Id", "MCP-Protocol-Version", "WWW-Authenticate", "Deprecation", "Sunset", "Link");

    static final String SESSION = "Mcp-Session-Id";
    static final String VERSION = "MCP-Protocol-Version";
    static final String METHOD = "Mcp-Method";
    static final String NAME = "Mcp-Name";
    static final String LAST_EVENT_ID = "Last-Event-ID";

    static final String JSON = "application/json";
    static final String EVENTS = "text/event-stream";

    private McpHeaders() {}

    /** A header's value, or null where there is none or nothing in it. */
    static String value(HttpServerRequest request, String name) {
        String value = request.getHeader(name);
        return value == null || value.isBlank() ? null : value.strip();
    }

    static boolean acceptsJson(RoutingContext context) {
        return accepts(context, "application", "json");
    }

    static boolean acceptsEvents(RoutingContext context) {
        return accepts(context, "text", "event-stream");
    }

    /** Whether events are asked for by name: who takes anything gets what is simplest. */
    static boolean asksForEvents(RoutingContext context) {
        return context.parsedHeaders().accept().stream()
                .anyMatch(
                        it -> it.component().equals("text") && it.subComponent().equals("event-stream"));
    }

    private static boolean accepts(RoutingContext context, String type, String subtype) {
        List<MIMEHeader> accepted = context.parsedHeaders().accept();
        for (MIMEHeader it : accepted) {
            if (fits(it.component(), type) && fits(it.subComponent(), subtype)) {
                return true;
            }
        }
        return accepted.isEmpty();
    }

    private static boolean fits(String accepted, String wanted) {
        return accepted.equals("*") || accepted.equals(wanted);
    }

    /** A body that says it is something else than JSON is refused before anybody reads it. */
    static void requireJsonBody(HttpServerRequest request) {
        String type = request.getHeader(HttpHeaders.CONTENT_TYPE);
        if (type != null
                && !type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT).equals(JSON)) {
            throw Refusal.unsupportedType();
        }
    }

    /** The revision a client speaks, where it says so; one that nobody knows is refused. */
    static String version(HttpServerRequest request) {
        String version = value(request, VERSION);
        if (version != null && !Revision.isKnown(version) && !Revision.isModern(version)) {
            throw Refusal.unsupportedVersion();
        }
        return version;
    }

    /** The Java client's reader ends at an event without data; the newer ones that do not, say nothing else about it. */
    static boolean isJava(HttpServerRequest request) {
        String agent = request.getHeader(HttpHeaders.USER_AGENT);
        return agent != null && agent.startsWith("Java-http-client");
    }
}
