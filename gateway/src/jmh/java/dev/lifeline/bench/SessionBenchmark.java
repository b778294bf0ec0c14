package dev.lifeline.bench;

import dev.lifeline.gateway.rpc.Message;
import dev.lifeline.gateway.rpc.MessageReader;
import dev.lifeline.gateway.session.Caller;
import dev.lifeline.gateway.session.Courier;
import dev.lifeline.gateway.session.Means;
import dev.lifeline.gateway.session.MemorySessions;
import dev.lifeline.gateway.session.NodeSessions;
import dev.lifeline.gateway.session.Session;
import dev.lifeline.gateway.session.SessionMetrics;
import dev.lifeline.gateway.session.Tokens;
import dev.lifeline.gateway.stream.Hub;
import dev.lifeline.gateway.stream.Start;
import dev.lifeline.gateway.stream.Terms;
import dev.lifeline.gateway.time.VertxTime;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/** A tool call through a session, without sockets: accepted, passed on, answered, settled, delivered, forgotten. */
public class SessionBenchmark extends Measured {

    private static final Duration LONG = Duration.ofHours(1);
    private static final int DEPTH = 64;
    private static final String CALL =
            "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"tools/call\",\"params\":{\"name\":\"search\"}}";
    private static final String INITIALIZE = "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"initialize\",\"params\":{"
            + "\"protocolVersion\":\"2025-11-25\",\"capabilities\":{},\"clientInfo\":{\"name\":\"b\",\"version\":\"1\"}}}";

    private final Caller ann = new Caller("ann", "prompt");
    private final MessageReader reader = new MessageReader(DEPTH);
    private final TurnByTurn loop = new TurnByTurn();
    private final Hub hub = Stages.hub(Stages.log());
    private Vertx vertx;
    private NodeSessions sessions;
    private Session session;
    private Message call;

    @Setup
    public void begin() {
        vertx = Vertx.vertx();
        Means.Settings settings =
                new Means.Settings(LONG, Duration.ZERO, LONG, Set.of(), LONG, tries -> Duration.ofMillis(5), 8);
        sessions = new NodeSessions(new Means(
                new VertxTime(vertx),
                Tokens.STRONG,
                "here",
                new MemorySessions(1000, InstantSource.system()),
                hub,
                Courier.NOBODY,
                Map.of("prompt", new PromptUpstream(reader)),
                SessionMetrics.NONE,
                reader,
                new Unheard(),
                settings));
        Session.Owner owner = new Session.Owner("ann", Session.Transport.STREAMABLE, "10.0.0.1", null);
        session = sessions.begin(owner, "prompt", reader.readOne(INITIALIZE))
                .toCompletionStage()
                .toCompletableFuture()
                .join()
                .session()
                .orElseThrow();
        call = reader.readOne(CALL);
    }

    @TearDown
    public void end() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Benchmark
    public long call() {
        String stream = Session.stream(session.id(), "p");
        Sink client = new Sink();
        var reading = hub.attach(stream, Terms.PLAIN, Start.OLDEST, client, loop);
        sessions.accept(ann, session.id(), List.of(call), stream);
        while (client.events == 0) {
            loop.turnAll();
            Thread.onSpinWait();
        }
        reading.close();
        hub.remove(stream);
        loop.turnAll();
        return client.bytes;
    }

    /** Nobody keeps a POST's stream open here. */
    private record Unheard() implements Means.Replies {

        @Override
        public void streams(String stream) {}

        @Override
        public void paused(String stream, long retryMillis) {}
    }
}
