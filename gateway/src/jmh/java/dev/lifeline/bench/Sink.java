package dev.lifeline.bench;

import dev.lifeline.event.Cursor;
import dev.lifeline.gateway.log.Gap;
import dev.lifeline.gateway.stream.Frames;
import dev.lifeline.gateway.stream.Outlet;
import io.netty.buffer.ByteBuf;

/** A client that has taken everything before it is asked: what is left is our own cost. */
final class Sink implements Outlet {

    long events;
    long bytes;

    @Override
    public boolean writable() {
        return true;
    }

    @Override
    public void whenWritable(Runnable resume) {
        resume.run();
    }

    @Override
    public void write(Frames frames) {
        ByteBuf chunks = frames.chunks();
        events += frames.events();
        bytes += chunks.readableBytes();
        chunks.release();
    }

    @Override
    public void position(Cursor cursor) {}

    @Override
    public void gap(Gap gap) {
        throw new IllegalStateException(gap.toString());
    }

    @Override
    public void broken() {
        throw new IllegalStateException("broken");
    }
}
