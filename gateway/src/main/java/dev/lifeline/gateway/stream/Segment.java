package dev.lifeline.gateway.stream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.util.Arrays;

/** A piece of a {@link Ring}: framed events of one epoch, one after another in one buffer, and where each begins. */
final class Segment {

    /** Bytes handed to one reader in one write: enough to fill its socket, little enough to come round to the others. */
    static final int WRITE_AT_MOST = 64 * 1024;

    private static final int FIRST_STARTS = 8;

    private final ByteBuf buffer;
    private final long firstSequence;
    private int[] starts = new int[FIRST_STARTS];
    private int count;

    Segment(long firstSequence, int capacity) {
        this.firstSequence = firstSequence;
        this.buffer = PooledByteBufAllocator.DEFAULT.directBuffer(capacity, capacity);
    }

    boolean fits(byte[] frame) {
        return buffer.writableBytes() >= Chunks.wrappedLength(frame);
    }

    void append(byte[] frame) {
        if (count == starts.length) {
            starts = Arrays.copyOf(starts, count * 2);
        }
        starts[count++] = buffer.writerIndex();
        Chunks.wrap(frame, buffer);
    }

    long firstSequence() {
        return firstSequence;
    }

    int count() {
        return count;
    }

    int bytes() {
        return buffer.capacity();
    }

    /** How many events from the given one on fit into so many bytes; one at least. */
    int fitting(long sequence, int mostBytes) {
        int from = (int) (sequence - firstSequence);
        int limit = starts[from] + mostBytes;
        if (buffer.writerIndex() <= limit) {
            return count - from;
        }
        int found = Arrays.binarySearch(starts, from + 1, count, limit);
        int end = found >= 0 ? found : -found - 2;
        return Math.max(1, end - from);
    }

    ByteBuf slice(long sequence, int events) {
        int from = (int) (sequence - firstSequence);
        int end = from + events == count ? buffer.writerIndex() : starts[from + events];
        return buffer.retainedSlice(starts[from], end - starts[from]);
    }

    void release() {
        buffer.release();
    }
}
