package dev.lifeline.gateway.connection;

import dev.lifeline.gateway.fault.Fault;
import dev.lifeline.gateway.fault.Step;
import dev.lifeline.gateway.stream.Frames;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.util.AttributeKey;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.impl.ConnectionBase;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * The fast way over HTTP/1.1: ready-made chunks written below the encoder, one reference to shared bytes and one system
 * call a write, where the public way spends a promise, a message object and three pieces for each.
 *
 * <p>The only class that knows the insides of Vert.x; the head goes out and the end comes through the public response, so
 * the encoder's state stays right. TLS lies below the encoder and still applies.
 *
 * <p>Two handlers go when a stream begins, and with them a sixth of what an idle connection weighs. The idle timeout of
 * Vert.x lies above the encoder, sees none of these writes and would cut every quiet stream in its prime; the wheel
 * watches instead. The decoder has nothing more to read: what a client sends while its stream is open is thrown away, and
 * then the stream's end is the connection's. Who was silent gets both back: a proxy gives a connection whose answer has
 * ended to the next request, and one that is closed under its hands loses that.
 */
final class RawCarrier implements Carrier {

    private static final String ENCODER = "httpEncoder";
    private static final String DECODER = "httpDecoder";
    private static final String IDLE = "idle";
    private static final String LAST = "handler";
    private static final AttributeKey<Boolean> SPOKE = AttributeKey.valueOf(RawCarrier.class, "spoke");

    /**
     * What the connections of a server have in common.
     *
     * @param bound of what waits in this process for one client
     * @param decoder reads requests
     * @param idle how long a connection may be silent between them
     */
    record Way(WriteBufferWaterMark bound, Supplier<ChannelHandler> decoder, Duration idle) {}

    private final HttpServerResponse response;
    private final ChannelHandlerContext encoder;
    private final Way way;
    private boolean over;

    private RawCarrier(HttpServerResponse response, ChannelHandlerContext encoder, Way way) {
        this.response = response;
        this.encoder = encoder;
        this.way = way;
    }

    /** This way, or null where the connection is not of the kind it needs. */
    static RawCarrier on(HttpServerRequest request, Way way) {
        if (request.version() != HttpVersion.HTTP_1_1 || !(request.connection() instanceof ConnectionBase connection)) {
            return null;
        }
        ChannelHandlerContext encoder = connection.channel().pipeline().context(ENCODER);
        // While an earlier answer of this connection is stuck, Vert.x may hold the head back; we would overtake it.
        if (encoder == null || !encoder.channel().isWritable()) {
            return null;
        }
        encoder.channel().config().setWriteBufferWaterMark(way.bound());
        RawCarrier carrier = new RawCarrier(request.response(), encoder, way);
        // Not at once: the request is still on its way through the decoder.
        encoder.channel().eventLoop().execute(carrier::lighten);
        return carrier;
    }

    /**
     * Lets an HTTP/1 connection be silent for as long as we owe it an answer; the idle timeout of Vert.x counts that
     * against the client. Gives back what makes it count again.
     */
    static Runnable letWait(HttpServerRequest request) {
        if (request.version() == HttpVersion.HTTP_2 || !(request.connection() instanceof ConnectionBase connection)) {
            return () -> {};
        }
        ChannelPipeline pipeline = connection.channel().pipeline();
        if (!(pipeline.get(IDLE) instanceof IdleStateHandler idle)) {
            return () -> {};
        }
        String next = pipeline.names().get(pipeline.names().indexOf(IDLE) + 1);
        pipeline.remove(IDLE);
        return () -> {
            if (pipeline.get(IDLE) == null && pipeline.get(next) != null) {
                pipeline.addBefore(next, IDLE, again(idle));
            }
        };
    }

    private static IdleStateHandler again(IdleStateHandler idle) {
        return new IdleStateHandler(
                idle.getReaderIdleTimeInMillis(),
                idle.getWriterIdleTimeInMillis(),
                idle.getAllIdleTimeInMillis(),
                TimeUnit.MILLISECONDS);
    }

    private void lighten() {
        ChannelPipeline pipeline = encoder.pipeline();
        if (over) {
            return;
        }
        if (pipeline.get(IDLE) != null) {
            pipeline.remove(IDLE);
        }
        if (pipeline.get(DECODER) != null) {
            pipeline.replace(DECODER, DECODER, Deaf.TO_ALL);
        }
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
        if (Fault.armed() && frames.events() > 0) {
            writeInTwoSteps(frames);
        } else {
            encoder.writeAndFlush(frames.chunks(), encoder.voidPromise());
        }
    }

    private void writeInTwoSteps(Frames frames) {
        encoder.write(frames.chunks(), encoder.voidPromise());
        if (Fault.at(Step.FLUSH)) {
            abort();
        } else {
            encoder.flush();
        }
    }

    @Override
    public void end() {
        over = true;
        response.end().onSuccess(ended -> hearAgain()).onFailure(lost -> abort());
    }

    private void hearAgain() {
        ChannelPipeline pipeline = encoder.pipeline();
        if (channel().hasAttr(SPOKE)) {
            abort();
        } else if (pipeline.get(DECODER) == Deaf.TO_ALL) {
            pipeline.replace(DECODER, DECODER, way.decoder().get());
            pipeline.addBefore(LAST, IDLE, new IdleStateHandler(0, 0, way.idle().toMillis(), TimeUnit.MILLISECONDS));
        }
    }

    @Override
    public void abort() {
        channel().close();
    }

    /** Hears nothing; one for all connections. */
    @Sharable
    private static final class Deaf extends ChannelInboundHandlerAdapter {

        static final Deaf TO_ALL = new Deaf();

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            context.channel().attr(SPOKE).set(true);
            ReferenceCountUtil.release(message);
        }
    }
}
