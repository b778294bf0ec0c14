package dev.lifeline.gateway.upstream;

import dev.lifeline.gateway.client.Complaints;
import dev.lifeline.gateway.client.Door;
import dev.lifeline.gateway.session.Link;
import dev.lifeline.gateway.session.LinkState;
import dev.lifeline.gateway.session.Upstream;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.URI;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An MCP server that speaks the transport of 2024-11-05: one event stream for all it says, and a place to post to. Who
 * holds the stream also posts.
 */
public final class SseUpstream implements Upstream {

    private static final Logger LOG = LoggerFactory.getLogger(SseUpstream.class);

    private final Vertx vertx;
    private final String name;
    private final UpstreamTerms terms;
    private final Door door;
    private final Complaints complaints;

    /** @param headers go with every request to it, and are the only ones that say who is asking */
    public SseUpstream(Vertx vertx, String name, URI url, Map<String, String> headers, UpstreamTerms terms) {
        this.vertx = vertx;
        this.name = name;
        this.terms = terms;
        this.door = terms.door(vertx, url, headers);
        this.complaints = new Complaints(LOG, name);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public boolean reachableFromAnyNode() {
        return false;
    }

    @Override
    public Link link(String session, LinkState known) {
        return new PipeLink(vertx, complaints, pipe -> new SseWire(vertx, door, terms, complaints, pipe), terms, known);
    }

    @Override
    public Future<Void> close() {
        return door.close();
    }
}
