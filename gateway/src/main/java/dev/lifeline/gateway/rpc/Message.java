package dev.lifeline.gateway.rpc;

/**
 * One JSON-RPC message: what its envelope says, and its text, untouched but for being on one line.
 *
 * @param id the id as JSON, a string with its quotes or a whole number, spelled in one way whatever escapes the text has
 *     it with; null where there is none
 * @param method null in a response
 * @param details what else decides where a message goes
 * @param text the whole message, one line of JSON
 * @param trace what the request it came with says of a trace; a message that did not come that way is in none
 */
public record Message(Kind kind, String id, String method, Details details, String text, TraceContext trace) {

    public Message(Kind kind, String id, String method, Details details, String text) {
        this(kind, id, method, details, text, TraceContext.NONE);
    }

    /** The same message, as part of a trace. */
    public Message in(TraceContext context) {
        return new Message(kind, id, method, details, text, context);
    }

    /** What a message is, by the members it has. */
    public enum Kind {
        REQUEST,
        NOTIFICATION,
        /** The answer that went well. */
        RESULT,
        /** The answer that did not. */
        ERROR
    }

    /** Whether it answers a request. */
    public boolean isAnswer() {
        return kind == Kind.RESULT || kind == Kind.ERROR;
    }

    public boolean isRequest() {
        return kind == Kind.REQUEST;
    }
}
