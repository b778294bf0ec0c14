package dev.lifeline.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

/** What reading costs: nothing for what is passed over, and a constant factor for what is kept, however it is cut. */
class SseParserMemoryTest {

    private static final int CHUNKS = 4_000;
    private static final int CHUNK = 1 << 10;
    private static final long LITTLE = 64 << 10;
    private static final Bounds WIDE = new Bounds(1 << 30, 8 << 10, 1 << 30);

    private final ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final SseParser parser = new SseParser(WIDE, (id, type, data) -> {});

    @Test
    void anEndlessCommentIsNotKept() {
        assertThat(allocatedBy(":")).isLessThan(LITTLE);
    }

    @Test
    void anEndlessUnknownFieldIsNotKept() {
        assertThat(allocatedBy("foo:")).isLessThan(LITTLE);
    }

    @Test
    void anEndlessNameIsNotKept() {
        assertThat(allocatedBy("")).isLessThan(LITTLE);
    }

    @Test
    void aLineOverThousandsOfChunksIsCopiedAFewTimesOnly() {
        assertThat(allocatedBy("data:")).isBetween((long) CHUNKS * CHUNK, 4L * CHUNKS * CHUNK);
    }

    @Test
    void aLargeEventDoesNotPinItsMemory() {
        allocatedBy("data:");
        parser.feed("\n\n".getBytes(UTF_8), 0, 2);

        // Had the room been kept, the next large event would find it and allocate nothing.
        assertThat(allocatedBy("data:")).isGreaterThan((long) CHUNKS * CHUNK);
    }

    private long allocatedBy(String start) {
        byte[] first = start.getBytes(UTF_8);
        byte[] chunk = "x".repeat(CHUNK).getBytes(UTF_8);
        parser.feed(chunk, 0, CHUNK);
        parser.end();

        long before = thread.getCurrentThreadAllocatedBytes();
        parser.feed(first, 0, first.length);
        for (int i = 0; i < CHUNKS; i++) {
            parser.feed(chunk, 0, CHUNK);
        }
        return thread.getCurrentThreadAllocatedBytes() - before;
    }
}
