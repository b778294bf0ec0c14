package dev.lifeline.gateway.rpc;

import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * Where a request stands in a trace that somebody else records: the three headers of W3C Trace Context and Baggage, as
 * they came. The gateway takes no part in the trace: it passes on what is well formed and within bounds, and makes up
 * nothing.
 *
 * @param requestId what log records and the answer call the request; null where nobody asked
 * @param traceparent null where there is none that can be read
 * @param tracestate null where there is none, or no traceparent it could belong to
 * @param baggage null where there is none
 */
public record TraceContext(String requestId, String traceparent, String tracestate, String baggage) {

    public static final TraceContext NONE = new TraceContext(null, null, null, null);

    public static final String TRACEPARENT = "traceparent";
    public static final String TRACESTATE = "tracestate";
    public static final String BAGGAGE = "baggage";

    /** Reads it from headers, each of which may stand there several times. */
    public static TraceContext of(String requestId, Function<String, List<String>> headers) {
        String parent = only(headers.apply(TRACEPARENT));
        boolean traced = parent != null && TraceSyntax.isTraceparent(parent);
        String state = traced ? joined(headers.apply(TRACESTATE)) : null;
        String baggage = joined(headers.apply(BAGGAGE));
        return new TraceContext(
                requestId,
                traced ? parent : null,
                state != null && TraceSyntax.isTracestate(state) ? state : null,
                baggage != null && TraceSyntax.isBaggage(baggage) ? baggage : null);
    }

    /** The trace that a traceparent names, or null where it names none. */
    public static String traceId(List<String> traceparents) {
        String parent = only(traceparents);
        return parent != null && TraceSyntax.isTraceparent(parent) ? parent.substring(3, 35) : null;
    }

    private static String only(List<String> values) {
        return values.size() == 1 ? values.get(0).strip() : null;
    }

    private static String joined(List<String> values) {
        return values.isEmpty() ? null : String.join(",", values);
    }

    /** Says the headers that go on. */
    public void forEach(BiConsumer<String, String> header) {
        say(header, TRACEPARENT, traceparent);
        say(header, TRACESTATE, tracestate);
        say(header, BAGGAGE, baggage);
    }

    private static void say(BiConsumer<String, String> header, String name, String value) {
        if (value != null) {
            header.accept(name, value);
        }
    }
}
