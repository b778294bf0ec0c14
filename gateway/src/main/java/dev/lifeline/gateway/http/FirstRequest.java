package dev.lifeline.gateway.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.vertx.core.net.impl.ShutdownEvent;
import java.util.concurrent.TimeUnit;

/**
 * Keeps a server that shuts down from closing a connection whose first request is on its way. Whoever has just connected
 * is about to say something; closed then, it could not tell whether it was heard. Vert.x closes whatever has no request
 * under way.
 *
 * <p>Takes itself out of the pipeline with the first request.
 */
final class FirstRequest extends ChannelInboundHandlerAdapter {

    private static final long PATIENCE_MILLIS = 500;

    private ShutdownEvent held;

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        context.fireChannelRead(message);
        letGo(context);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof ShutdownEvent shutdown) {
            held = shutdown;
            context.executor().schedule(() -> letGo(context), PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        } else {
            context.fireUserEventTriggered(event);
        }
    }

    private void letGo(ChannelHandlerContext context) {
        if (context.isRemoved()) {
            return;
        }
        if (held != null) {
            context.fireUserEventTriggered(held);
        }
        context.pipeline().remove(this);
    }
}
