package dev.lifeline.gateway.mcp;

import dev.lifeline.gateway.session.Caller;
import dev.lifeline.gateway.session.Session;
import dev.lifeline.gateway.session.Sessions;
import dev.lifeline.gateway.stream.Start;
import dev.lifeline.gateway.stream.Terms;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.function.Function;

/**
 * A POST with requests, which get a stream of their own. Its reader sits there before anything can come: where outcomes
 * are published on this node, the log need not be told of a reader whom nobody else could look for.
 */
final class Answering implements Sessions.Listening {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int NAME_BYTES = 12;

    private final RoutingContext context;
    private final Means means;
    private final Means.Posted posted;
    private final Function<Session, PostReply.Manner> manner;
    private final Runnable afterwards;
    private final String place = name();
    private boolean begun;

    /** @param afterwards run once, when it has been answered or was not taken */
    Answering(
            RoutingContext context,
            Means means,
            Means.Posted posted,
            Function<Session, PostReply.Manner> manner,
            Runnable afterwards) {
        this.context = context;
        this.means = means;
        this.posted = posted;
        this.manner = manner;
        this.afterwards = afterwards;
    }

    Future<Void> of(Caller caller, String session) {
        String stream = Session.stream(session, place);
        return means.ports()
                .sessions()
                .accept(caller, session, posted.body().messages(), stream, this)
                .transform(taken -> {
                    if (taken.failed() && !begun) {
                        afterwards.run();
                        return Future.failedFuture(taken.cause());
                    }
                    // What failed after that was said beside the requests, and those have their stream.
                    return Future.succeededFuture();
                });
    }

    @Override
    public void begin(Session session, boolean here) {
        begun = true;
        GuestBook.Line.of(false, session, posted.body().messages()).ifPresent(means::met);
        String stream = Session.stream(session.id(), place);
        PostReply reply = new PostReply(context, means, place, manner.apply(session), plain -> done(stream, plain));
        means.node().replies().add(stream, reply);
        Terms terms = new Terms(new McpFraming(place), true);
        reply.feedFrom(means.ports()
                .hub()
                .attach(
                        stream,
                        terms,
                        here ? Start.FIRST : Start.OLDEST,
                        reply,
                        means.reception().connections().loop()));
    }

    private void done(String stream, boolean plain) {
        means.node().replies().remove(stream);
        if (plain) {
            means.ports().hub().remove(stream);
        } else {
            means.node().leftovers().add(stream, means.ports().hub()::remove);
        }
        afterwards.run();
    }

    /** Names nobody can guess: they are looked for by what a client says. */
    private static String name() {
        byte[] bytes = new byte[NAME_BYTES];
        RANDOM.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
