package dev.lifeline.gateway.demo;

import dev.lifeline.gateway.rpc.RpcError;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** What comes by POST: messages of a session, the beginning of one, or a request that needs none. */
final class Posts {

    private static final int MOST_IN_BATCH = 100;

    private final Methods methods;
    private final Timer timer;
    private final Guests guests;
    private final Set<EventStream> streams;

    Posts(Methods methods, Timer timer, Guests guests, Set<EventStream> streams) {
        this.methods = methods;
        this.timer = timer;
        this.guests = guests;
        this.streams = streams;
    }

    /**
     * Takes a whole body.
     *
     * @param known looks up the session it belongs to, and answers where there is none
     */
    void take(HttpServerRequest request, Buffer body, Supplier<Optional<Guest>> known) {
        try {
            Object json = Json.decodeValue(body);
            List<JsonObject> messages = messages(json);
            for (JsonObject message : messages) {
                Optional<RpcError> fault = Rpc.fault(message);
                if (fault.isPresent()) {
                    throw fault.get();
                }
            }
            route(request, new Post(messages, json instanceof JsonArray), known);
        } catch (DecodeException notJson) {
            Endpoint.refuse(request.response(), 400, Rpc.PARSE_ERROR, "not JSON");
        } catch (RpcError refused) {
            Endpoint.refuse(request.response(), 400, refused.code(), refused.getMessage());
        }
    }

    /** The messages of one POST. */
    private record Post(List<JsonObject> messages, boolean batch) {

        JsonObject first() {
            return messages.get(0);
        }

        int requests() {
            return (int) messages.stream().filter(Rpc::isRequest).count();
        }
    }

    private static List<JsonObject> messages(Object json) {
        if (json instanceof JsonObject message) {
            return List.of(message);
        }
        boolean plain = json instanceof JsonArray array
                && !array.isEmpty()
                && array.size() <= MOST_IN_BATCH
                && array.stream().allMatch(JsonObject.class::isInstance);
        if (!plain) {
            throw Rpc.refusal(Rpc.INVALID_REQUEST, "expected a message, or 1 to " + MOST_IN_BATCH + " in an array");
        }
        return ((JsonArray) json).stream().map(JsonObject.class::cast).toList();
    }

    private void route(HttpServerRequest request, Post post, Supplier<Optional<Guest>> known) {
        String revision = request.getHeader("MCP-Protocol-Version");
        boolean modern = !post.batch()
                && post.first().containsKey("method")
                && (Modern.is(post.first()) || Revisions.MODERN.equals(revision));
        if (PostReply.Accepted.of(request.getHeader("Accept"), false).nothing()) {
            Endpoint.refuse(request.response(), 406, Rpc.INVALID_REQUEST, "accept application/json, text/event-stream");
        } else if (modern) {
            modern(request, post.first());
        } else if (revision != null && !Revisions.known(revision)) {
            Endpoint.refuse(request.response(), 400, Rpc.INVALID_REQUEST, "this protocol version is not spoken here");
        } else if (!post.batch() && "initialize".equals(post.first().getString("method")) && post.requests() == 1) {
            opens(request, post);
        } else {
            known.get().ifPresent(guest -> taken(request, post, guest.conversation()));
        }
    }

    private void taken(HttpServerRequest request, Post post, Conversation conversation) {
        if (post.batch() && !Revisions.WITH_BATCHES.equals(conversation.revision())) {
            Endpoint.refuse(request.response(), 400, Rpc.INVALID_REQUEST, "one message at a time in this revision");
            return;
        }
        if (post.requests() == 0) {
            post.messages().forEach(message -> conversation.receive(message, null));
            request.response().setStatusCode(202).end();
            return;
        }
        PostReply reply = reply(request, post);
        request.response().closeHandler(closed -> reply.lost());
        post.messages().forEach(message -> conversation.receive(message, reply));
        reply.asked();
    }

    private PostReply reply(HttpServerRequest request, Post post) {
        PostReply.Accepted accepted = PostReply.Accepted.of(request.getHeader("Accept"), post.batch());
        return new PostReply(request.response(), accepted, streams, post.requests());
    }

    /** The first message of a session; one that is refused leaves none behind. */
    private void opens(HttpServerRequest request, Post post) {
        Conversation conversation = new Conversation(methods, timer);
        JsonObject[] opened = new JsonObject[1];
        conversation.receive(post.first(), new Reply() {
            @Override
            public boolean send(JsonObject message) {
                return false;
            }

            @Override
            public void answer(JsonObject message) {
                opened[0] = message;
            }
        });
        if (opened[0].containsKey("result")) {
            request.response()
                    .putHeader("Mcp-Session-Id", guests.admit(conversation).id());
        }
        reply(request, post).answer(opened[0]);
    }

    /** A request that is alone in the world; who closes it does not want it any more. */
    private void modern(HttpServerRequest request, JsonObject message) {
        HttpServerResponse response = request.response();
        if (!message.containsKey("id")) {
            response.setStatusCode(202).end();
            return;
        }
        Optional<JsonObject> fault = Modern.silence(message)
                .or(() -> Modern.mismatch(message, request.headers()))
                .or(() -> Modern.foreign(message));
        String method = message.getString("method");
        if (fault.isPresent()) {
            json(response, 400, fault.get());
        } else if (!methods.knows(method, true)) {
            json(response, 404, Rpc.error(message.getValue("id"), Rpc.METHOD_NOT_FOUND, "there is no such method"));
        } else {
            Conversation conversation = new Conversation(methods, timer);
            conversation.opened(new JsonObject(), Revisions.MODERN);
            PostReply reply = reply(request, new Post(List.of(message), false));
            response.closeHandler(closed -> {
                reply.lost();
                conversation.end();
            });
            conversation.receive(message, new ModernReply(method, reply));
            reply.asked();
        }
    }

    private static void json(HttpServerResponse response, int status, JsonObject body) {
        response.setStatusCode(status)
                .putHeader("Content-Type", "application/json")
                .end(body.encode());
    }
}
