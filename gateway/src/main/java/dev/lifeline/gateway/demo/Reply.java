package dev.lifeline.gateway.demo;

import io.vertx.core.json.JsonObject;

/** The way back for what came in together: one POST, or one line. */
interface Reply {

    /** A message that belongs to a request, ahead of its answer; false where there is no way for it. */
    boolean send(JsonObject message);

    /** The end of one request: its answer, or null when it was cancelled and gets none. */
    void answer(JsonObject message);
}
