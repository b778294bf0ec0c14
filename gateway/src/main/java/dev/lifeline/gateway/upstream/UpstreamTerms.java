package dev.lifeline.gateway.upstream;

import dev.lifeline.gateway.client.Comeback;
import dev.lifeline.gateway.client.Door;
import dev.lifeline.gateway.client.Sending;
import dev.lifeline.gateway.client.StreamMetrics;
import dev.lifeline.gateway.rpc.MessageReader;
import dev.lifeline.gateway.session.Ending;
import dev.lifeline.gateway.session.LinkFailure;
import io.vertx.core.Vertx;
import java.net.URI;
import java.util.Map;

/**
 * What holds for an upstream whatever its transport.
 *
 * @param reader reads what it says
 * @param retries when lost connections are made again
 */
public record UpstreamTerms(MessageReader reader, Waits waits, Room room, Retries retries, StreamMetrics metrics) {

    /** The way to an upstream under these terms. */
    Door door(Vertx vertx, URI url, Map<String, String> headers) {
        return new Door(
                vertx,
                url,
                headers,
                new Door.Terms(
                        waits.connecting(),
                        waits.idle(),
                        waits.answering(),
                        room.posts(),
                        room.streams(),
                        (fate, why) -> new LinkFailure(ending(fate), why)));
    }

    private static Ending ending(Sending.Fate fate) {
        return switch (fate) {
            case NOT_SENT -> Ending.NOT_SENT;
            case REFUSED -> Ending.REFUSED;
            case LOST -> Ending.LOST;
        };
    }

    Comeback comeback(Vertx vertx) {
        return new Comeback(vertx, retries.policy(), metrics);
    }
}
