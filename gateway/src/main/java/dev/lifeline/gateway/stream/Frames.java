package dev.lifeline.gateway.stream;

import dev.lifeline.event.Cursor;
import dev.lifeline.event.Event;
import dev.lifeline.gateway.log.Page;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.util.ArrayList;
import java.util.List;

/**
 * A run of events in the form they have on the wire, shared by everyone it is written to. Whoever asked for it releases
 * it; an {@link Outlet} takes its own reference through {@link #chunks()} or {@link #plain()}.
 */
public final class Frames {

    /** Nothing to write: the reader has everything. */
    static final Frames NONE = new Frames(null, null, 0);

    private final ByteBuf chunks;
    private final Cursor last;
    private final int events;

    Frames(ByteBuf chunks, Cursor last, int events) {
        this.chunks = chunks;
        this.last = last;
        this.events = events;
    }

    /**
     * Encodes the beginning of a page of the log, for the one reader who asked for it: as many events as the bound has
     * room for, one at least. A page may weigh more than one connection is to have waiting.
     */
    static Frames of(Page page, Framing framing, int mostBytes) {
        List<byte[]> encoded = new ArrayList<>();
        Cursor at = page.start();
        int room = 0;
        for (Event event : page.events()) {
            byte[] bytes = framing.encode(at.successor(), event);
            if (!encoded.isEmpty() && room + Chunks.wrappedLength(bytes) > mostBytes) {
                break;
            }
            at = at.successor();
            room += Chunks.wrappedLength(bytes);
            encoded.add(bytes);
        }
        ByteBuf buffer = PooledByteBufAllocator.DEFAULT.directBuffer(room);
        encoded.forEach(bytes -> Chunks.wrap(bytes, buffer));
        return new Frames(buffer, at, encoded.size());
    }

    /** What is no event of the stream: a heartbeat, a verdict, a word to the client. */
    public static Frames aside(byte[] bytes) {
        ByteBuf buffer = PooledByteBufAllocator.DEFAULT.directBuffer(Chunks.wrappedLength(bytes));
        Chunks.wrap(bytes, buffer);
        return new Frames(buffer, null, 0);
    }

    /** The events as HTTP/1.1 chunks: a new reference to the shared bytes. */
    public ByteBuf chunks() {
        return chunks.retainedDuplicate();
    }

    /** The events alone, for carriers that frame by themselves: a copy. */
    public byte[] plain() {
        return Chunks.unwrap(chunks);
    }

    public int events() {
        return events;
    }

    public int bytes() {
        return chunks.readableBytes();
    }

    /** The position of the last event in the run. */
    Cursor last() {
        return last;
    }

    /** To be called once by whoever asked for the frames, when nobody else is to be handed them. */
    public void release() {
        if (chunks != null) {
            chunks.release();
        }
    }
}
