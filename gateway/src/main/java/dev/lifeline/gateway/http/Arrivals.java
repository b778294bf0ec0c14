package dev.lifeline.gateway.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoop;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.impl.HttpServerConnection;

/**
 * The connections that come to one event loop's server: its connection handler. Lets the server stop without cutting those
 * that have just come, or come with another request.
 *
 * <p>Vert.x first takes the server's loops from its listener, and then closes it; whoever is accepted between the two is
 * cut, and cannot tell whether it was heard. Here the listener is closed first, a step below the public API.
 */
public final class Arrivals implements Handler<HttpConnection> {

    private static final String DECODER = "httpDecoder";

    private final EventLoop loop;
    private final Promise<Void> gone = Promise.promise();
    private volatile Channel listener;
    // On the loop.
    private int open;
    private boolean ending;

    /** Of the server of this loop. */
    public Arrivals(EventLoop loop) {
        this.loop = loop;
    }

    @Override
    public void handle(HttpConnection connection) {
        ChannelHandlerContext last = ((HttpServerConnection) connection).channelHandlerContext();
        listener = last.channel().parent();
        open++;
        last.channel().closeFuture().addListener(closed -> {
            open--;
            look();
        });
        if (last.pipeline().get(DECODER) != null) {
            last.pipeline().addBefore(last.name(), null, new FirstRequest());
        }
    }

    /** Closes the listener, and tells when whoever was accepted before is known to this server. */
    public Future<Void> end() {
        Channel listening = listener;
        if (listening == null) {
            // Nobody ever came to this loop. Those who come to the others close it.
            return Future.succeededFuture();
        }
        Promise<Void> ended = Promise.promise();
        listening.close().addListener(closed -> loop.execute(ended::complete));
        return ended.future();
    }

    /**
     * Tells when all who came are gone. They are told with each answer that it was the last one, and need not be cut: whoever
     * closes an idle connection takes from a proxy's hands the request that it is just sending.
     */
    public Future<Void> gone() {
        loop.execute(() -> {
            ending = true;
            look();
        });
        return gone.future();
    }

    private void look() {
        if (ending && open == 0) {
            gone.tryComplete();
        }
    }
}
