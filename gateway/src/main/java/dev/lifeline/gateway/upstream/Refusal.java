package dev.lifeline.gateway.upstream;

import dev.lifeline.gateway.client.Complaints;
import dev.lifeline.gateway.rpc.Message;
import dev.lifeline.gateway.rpc.MessageReader;
import dev.lifeline.gateway.rpc.RpcError;
import dev.lifeline.gateway.session.Ending;
import dev.lifeline.gateway.session.LinkFailure;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.json.JsonObject;
import java.util.Locale;

/**
 * What it means that the upstream's status is no success.
 *
 * @param error the error in JSON-RPC it came with, or null
 */
record Refusal(int status, Ending ending, Message error) {

    private static final int NOT_FOUND = 404;
    private static final int BAD_REQUEST = 400;
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int SERVER_ERROR = 500;
    private static final int UNAVAILABLE = 503;
    private static final int MOST_BYTES = 64 << 10;

    /**
     * Reads a refusal.
     *
     * @param inSession whether the request named a session
     */
    static Future<Refusal> read(Vertx vertx, HttpClientResponse response, UpstreamTerms terms, boolean inSession) {
        int status = response.statusCode();
        if (status == NOT_FOUND && inSession) {
            response.resume();
            return Future.succeededFuture(new Refusal(status, Ending.FORGOTTEN, null));
        }
        return WholeBody.of(vertx, response, MOST_BYTES, terms.waits().connecting())
                .otherwise(Buffer.buffer())
                .map(body -> of(status, error(body, terms.reader()), inSession));
    }

    private static Refusal of(int status, Message error, boolean inSession) {
        boolean forgotten = inSession && status == BAD_REQUEST && error != null && speaksOfSession(error);
        return new Refusal(status, forgotten ? Ending.FORGOTTEN : ending(status), error);
    }

    /** Whether what was asked may have been carried out for all that. */
    private static Ending ending(int status) {
        return status < SERVER_ERROR || status == UNAVAILABLE ? Ending.REFUSED : Ending.LOST;
    }

    /** Servers are in use that say 400 where 404 is meant; they say what it is about, and no tool has run. */
    private static boolean speaksOfSession(Message error) {
        JsonObject said = new JsonObject(error.text()).getJsonObject("error");
        return said.getValue("message") instanceof String text
                && text.toLowerCase(Locale.ROOT).contains("session");
    }

    private static Message error(Buffer body, MessageReader reader) {
        try {
            Message only = reader.read(body).messages().get(0);
            return only.kind() == Message.Kind.ERROR ? only : null;
        } catch (RpcError noMessage) {
            return null;
        }
    }

    /** Whether it makes sense to ask for a stream again. */
    static boolean isPassing(int status) {
        return status >= SERVER_ERROR || status == TOO_MANY_REQUESTS || status == 408 || status == 409;
    }

    /** Whether an error is the answer to this request: servers that could not read it say so without an id. */
    static boolean answers(Message error, String id) {
        return error != null && id != null && (error.id() == null || error.id().equals(id));
    }

    /** The error as an answer to this request. */
    static Message as(Message error, String id) {
        if (id.equals(error.id())) {
            return error;
        }
        String said = new JsonObject(error.text()).getJsonObject("error").encode();
        return new Message(
                error.kind(),
                id,
                null,
                error.details(),
                "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"error\":" + said + "}");
    }

    /** Has the operator read that an upstream does not do what it was asked, or sends us elsewhere. */
    static void tell(Throwable failure, Complaints complaints) {
        if (failure instanceof LinkFailure known && known.ending() == Ending.REFUSED) {
            complaints.warn("an upstream refused a request", known.getMessage());
        }
    }

    String why() {
        return "the upstream answered with status " + status;
    }
}
