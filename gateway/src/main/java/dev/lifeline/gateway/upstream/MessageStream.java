package dev.lifeline.gateway.upstream;

import dev.lifeline.gateway.client.EventReader;

/** Reads a stream on which every event with data is a message, and one without says where the stream is. */
interface MessageStream extends EventReader.Reader {

    /** @param id the event's own id, or null if it came without */
    void said(String id, String type, String data);

    @Override
    default void event(String id, String type, String data) {
        if (!data.isEmpty()) {
            said(id, type, data);
        } else if (id != null) {
            position(id);
        }
    }

    /** Whether a type is that of messages; some servers leave it out and some name it. */
    static boolean isMessage(String type) {
        return type.equals("message");
    }
}
