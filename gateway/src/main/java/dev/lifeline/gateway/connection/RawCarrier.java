package dev.lifeline.gateway.connection;

import dev.lifeline.gateway.stream.Frames;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.timeout.IdleStateHandler;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.concurrent.TimeUnit;

/**
 * The fast way over HTTP/1.1: ready-made chunks written below the encoder, one reference to shared bytes and one system
 * call a write, where the public way spends a promise, a message object and three pieces for each.
 *
 * <p>The only class that knows the insides of Vert.x; the head goes out and the end comes through the public response, so
 * the encoder's state stays right. TLS lies below the encoder and still applies.
 *
 * <p>The idle timeout of Vert.x lies above the encoder and sees none of these writes: it would cut every quiet stream in
 * its prime. It is taken out while the stream is open, which the wheel watches over, and put back for what comes after.
 */
final class RawCarrier implements Carrier {

    private static final String ENCODER = "httpEncoder";
    private static final String IDLE = "idle";

    private final HttpServerResponse response;
    private final ChannelHandlerContext encoder;
    private final long idleMillis;

    private RawCarrier(HttpServerResponse response, ChannelHandlerContext encoder) {
        this.response = response;
        this.encoder = encoder;
        this.idleMillis = withoutIdleTimeout(encoder.pipeline());
    }

    /** This way, or null where the connection is not of the kind it needs. */
    static RawCarrier on(HttpServerRequest request, WriteBufferWaterMark bound) {
        if (request.version() != HttpVersion.HTTP_1_1 || !(request.connection() instanceof ConnectionBase connection)) {
            return null;
        }
        ChannelHandlerContext encoder = connection.channel().pipeline().context(ENCODER);
        // While an earlier answer of this connection is stuck, Vert.x may hold the head back; we would overtake it.
        if (encoder == null || !encoder.channel().isWritable()) {
            return null;
        }
        encoder.channel().config().setWriteBufferWaterMark(bound);
        return new RawCarrier(request.response(), encoder);
    }

    private static long withoutIdleTimeout(ChannelPipeline pipeline) {
        return pipeline.get(IDLE) instanceof IdleStateHandler
                ? ((IdleStateHandler) pipeline.remove(IDLE)).getAllIdleTimeInMillis()
                : 0;
    }

    private Channel channel() {
        return encoder.channel();
    }

    @Override
    public boolean writable() {
        return channel().isWritable();
    }

    @Override
    public long unsent() {
        return channel().bytesBeforeWritable();
    }

    @Override
    public void whenWritable(Runnable resume) {
        // An empty write completes when everything before it has: a mark in the queue, and no handler in the pipeline.
        encoder.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener((ChannelFutureListener) mark -> {
            if (mark.isSuccess()) {
                resume.run();
            }
        });
    }

    @Override
    public void write(Frames frames) {
        encoder.writeAndFlush(frames.chunks(), encoder.voidPromise());
    }

    @Override
    public void end() {
        if (idleMillis > 0) {
            encoder.pipeline().addAfter(ENCODER, IDLE, new IdleStateHandler(0, 0, idleMillis, TimeUnit.MILLISECONDS));
        }
        response.end();
    }

    @Override
    public void abort() {
        channel().close();
    }
}
