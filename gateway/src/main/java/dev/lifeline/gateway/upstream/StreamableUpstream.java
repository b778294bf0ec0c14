package dev.lifeline.gateway.upstream;

import dev.lifeline.gateway.client.Complaints;
import dev.lifeline.gateway.client.Door;
import dev.lifeline.gateway.session.Link;
import dev.lifeline.gateway.session.LinkState;
import dev.lifeline.gateway.session.Passage;
import dev.lifeline.gateway.session.Upstream;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An MCP server that speaks Streamable HTTP. Any node may send to it, and one at a time listens to its own stream. */
public final class StreamableUpstream implements Upstream {

    private static final Logger LOG = LoggerFactory.getLogger(StreamableUpstream.class);

    private final Vertx vertx;
    private final String name;
    private final UpstreamTerms terms;
    private final Door door;
    private final Complaints complaints;
    private final Passage passage;

    /** @param headers go with every request to it, and are the only ones that say who is asking */
    public StreamableUpstream(Vertx vertx, String name, URI url, Map<String, String> headers, UpstreamTerms terms) {
        this.vertx = vertx;
        this.name = name;
        this.terms = terms;
        this.door = terms.door(vertx, url, headers);
        this.complaints = new Complaints(LOG, name);
        this.passage = new StreamablePassage(door, complaints);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public boolean reachableFromAnyNode() {
        return true;
    }

    @Override
    public Link link(String session, LinkState known) {
        return new StreamableLink(vertx, complaints, door, terms, known);
    }

    @Override
    public Optional<Passage> passage() {
        return Optional.of(passage);
    }

    @Override
    public Future<Void> close() {
        return door.close();
    }
}
