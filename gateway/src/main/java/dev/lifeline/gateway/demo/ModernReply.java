package dev.lifeline.gateway.demo;

import io.vertx.core.json.JsonObject;

/** Gives answers the form of the modern revision on their way out. */
record ModernReply(String method, Reply to) implements Reply {

    @Override
    public boolean send(JsonObject message) {
        return to.send(message);
    }

    @Override
    public void answer(JsonObject message) {
        to.answer(Modern.dressed(method, message));
    }
}
