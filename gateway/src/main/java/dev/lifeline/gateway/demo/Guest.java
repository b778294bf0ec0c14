package dev.lifeline.gateway.demo;

/** A client that has opened a session over HTTP, and how it can be reached. */
final class Guest {

    private final String id;
    private final Conversation conversation;
    private EventStream standing;
    private long seen = System.nanoTime();

    Guest(String id, Conversation conversation) {
        this.id = id;
        this.conversation = conversation;
    }

    String id() {
        return id;
    }

    Conversation conversation() {
        return conversation;
    }

    /** It came just now. */
    void comes() {
        seen = System.nanoTime();
    }

    boolean awaySince(long nanos) {
        return standing == null && seen < nanos;
    }

    /** Listens on a new stream; a former one ends. */
    void listens(EventStream stream) {
        if (standing != null) {
            standing.end();
        }
        standing = stream;
        conversation.listens(stream::send);
    }

    /** A stream was lost; nobody listens, unless there is a newer one. */
    void lost(EventStream stream) {
        stream.gone();
        if (standing == stream) {
            standing = null;
            conversation.listens(message -> false);
            comes();
        }
    }

    void leaves() {
        conversation.end();
        if (standing != null) {
            standing.end();
        }
    }
}
