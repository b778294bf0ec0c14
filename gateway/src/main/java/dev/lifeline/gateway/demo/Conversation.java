package dev.lifeline.gateway.demo;

import dev.lifeline.gateway.rpc.RpcError;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * One client's conversation with this server: what it said of itself, what it waits for, and what it was asked. Always
 * on one thread.
 */
final class Conversation {

    /** Requests of one client that are carried out at once; one more is refused. */
    static final int MOST_CALLS = 1000;

    static final long PATIENCE_MILLIS = 60_000;

    private final Methods methods;
    private final Timer timer;
    private final Map<Object, Call> calls = new HashMap<>();
    private final Map<String, Promise<JsonObject>> questions = new HashMap<>();
    private Predicate<JsonObject> standing = message -> false;
    private JsonObject capabilities = new JsonObject();
    private String revision = Revisions.WITHOUT_HEADER;
    private LogLevel least;
    private long asked;

    Conversation(Methods methods, Timer timer) {
        this.methods = methods;
        this.timer = timer;
    }

    /** Takes a message that is well formed. */
    void receive(JsonObject message, Reply reply) {
        if (Rpc.isRequest(message)) {
            request(message, reply);
        } else if (message.containsKey("method")) {
            notified(message);
        } else if (message.getValue("id") instanceof String id && questions.containsKey(id)) {
            questions.remove(id).complete(message);
        }
    }

    private void request(JsonObject message, Reply reply) {
        Object id = message.getValue("id");
        if (calls.containsKey(id)) {
            reply.answer(Rpc.error(id, Rpc.INVALID_REQUEST, "a request with this id is being carried out"));
            return;
        }
        if (calls.size() >= MOST_CALLS) {
            reply.answer(Rpc.error(id, Rpc.INTERNAL, "too many requests at once; at most " + MOST_CALLS));
            return;
        }
        Call call = new Call(this, reply, message);
        calls.put(id, call);
        carriedOut(message, call).onComplete(done -> {
            if (calls.remove(id, call)) {
                call.answer(done.succeeded() ? Rpc.result(id, done.result()) : failed(id, done.cause()));
            }
        });
    }

    private Future<JsonObject> carriedOut(JsonObject message, Call call) {
        try {
            return methods.carryOut(this, message.getString("method"), Rpc.params(message), call);
        } catch (ClassCastException wrongType) {
            return Future.failedFuture(Rpc.refusal(Rpc.INVALID_PARAMS, "a parameter has the wrong type"));
        } catch (RuntimeException refusedOrDefect) {
            return Future.failedFuture(refusedOrDefect);
        }
    }

    private static JsonObject failed(Object id, Throwable cause) {
        return cause instanceof RpcError refused
                ? Rpc.error(id, refused.code(), refused.getMessage())
                : Rpc.error(id, Rpc.INTERNAL, "the demo failed");
    }

    private void notified(JsonObject message) {
        if ("notifications/cancelled".equals(message.getString("method"))) {
            Call call = calls.remove(Rpc.params(message).getValue("requestId"));
            if (call != null) {
                call.cancel();
                call.answer(null);
            }
        }
    }

    /** The client opens: what it can do, and the revision that was agreed on. */
    void opened(JsonObject clientCapabilities, String agreed) {
        capabilities = clientCapabilities;
        revision = agreed;
    }

    String revision() {
        return revision;
    }

    boolean clientHas(String capability) {
        return capabilities.getValue(capability) instanceof JsonObject;
    }

    boolean logs(LogLevel level) {
        return least != null && level.compareTo(least) >= 0;
    }

    void logFrom(LogLevel level) {
        least = level;
    }

    Timer timer() {
        return timer;
    }

    /** Asks beside the request that made it necessary, or where there is no such way, on the standing stream. */
    Future<JsonObject> ask(String method, JsonObject params, Reply beside) {
        String id = "demo-" + ++asked;
        JsonObject question = Rpc.request(id, method, params);
        if (!beside.send(question) && !standing.test(question)) {
            return Future.failedFuture(Rpc.refusal(Rpc.INTERNAL, "there is no stream to ask the client on"));
        }
        Promise<JsonObject> answer = Promise.promise();
        questions.put(id, answer);
        Runnable forget = timer.after(PATIENCE_MILLIS, () -> {
            questions.remove(id);
            answer.tryFail(Rpc.refusal(Rpc.INTERNAL, "the client did not answer"));
        });
        return answer.future().onComplete(done -> forget.run());
    }

    /** Says something that belongs to no request; false where nobody listens. */
    boolean tell(String method) {
        return standing.test(Rpc.notification(method, new JsonObject()));
    }

    /** Where to say what belongs to no request, from now on. */
    void listens(Predicate<JsonObject> stream) {
        standing = stream;
    }

    /** Nobody waits any more. */
    void end() {
        standing = message -> false;
        List.copyOf(calls.values()).forEach(Call::cancel);
        calls.clear();
        List<Promise<JsonObject>> open = List.copyOf(questions.values());
        questions.clear();
        open.forEach(each -> each.tryFail(Rpc.refusal(Rpc.INTERNAL, "the client is gone")));
    }
}
