package dev.lifeline.gateway.demo;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonObject;

/** One request while it is being carried out: what it may tell and ask meanwhile. */
final class Call {

    private static final Runnable NOTHING = () -> {};

    private final Conversation conversation;
    private final Reply reply;
    private final Object progressToken;
    private Runnable waiting = NOTHING;
    private boolean cancelled;

    Call(Conversation conversation, Reply reply, JsonObject request) {
        this.conversation = conversation;
        this.reply = reply;
        this.progressToken = Rpc.meta(request).getValue("progressToken");
    }

    /** Tells how far it is, to a client that wants to know. */
    void progress(int done, int total, String text) {
        if (progressToken != null) {
            JsonObject params = new JsonObject()
                    .put("progressToken", progressToken)
                    .put("progress", done)
                    .put("total", total)
                    .put("message", text);
            reply.send(Rpc.notification("notifications/progress", params));
        }
    }

    /** Tells what happens, to a client that asked for as much. */
    void log(LogLevel level, String text) {
        if (conversation.logs(level)) {
            JsonObject params = new JsonObject()
                    .put("level", level.toString())
                    .put("logger", "demo")
                    .put("data", text);
            reply.send(Rpc.notification("notifications/message", params));
        }
    }

    boolean clientHas(String capability) {
        return conversation.clientHas(capability);
    }

    /** Asks the client, who answers in its own time and not for ever. */
    Future<JsonObject> ask(String method, JsonObject params) {
        return conversation.ask(method, params, reply);
    }

    /** Never completes once the call was cancelled. */
    Future<Void> pause(long millis) {
        Promise<Void> over = Promise.promise();
        waiting = conversation.timer().after(Math.max(1, millis), () -> {
            if (!cancelled) {
                over.tryComplete();
            }
        });
        return over.future();
    }

    void cancel() {
        cancelled = true;
        waiting.run();
    }

    void answer(JsonObject message) {
        reply.answer(message);
    }
}
