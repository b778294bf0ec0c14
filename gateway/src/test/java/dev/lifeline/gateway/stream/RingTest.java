package dev.lifeline.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeline.event.Cursor;
import dev.lifeline.event.Event;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the ring covers, what it hands out, what it lets go of. Who waits for what it has not: {@link SeamTest}. */
class RingTest {

    private static final RingSpace SPACE = new RingSpace(Long.MAX_VALUE);

    private static final Cursor START = new Cursor(7, 100);
    private static final int ALL = Integer.MAX_VALUE / 2;

    private static Ring ring(int events, long bytes) {
        Ring ring = new Ring(Framing.PLAIN, events, bytes, SPACE);
        ring.restart(START);
        return ring;
    }

    private static void append(Ring ring, int events, int size) {
        for (int i = 0; i < events; i++) {
            ring.append(Event.message("x".repeat(size)));
        }
    }

    private static List<String> ids(Frames frames) {
        List<String> ids = new ArrayList<>();
        for (String line : new String(frames.plain(), StandardCharsets.UTF_8).split("\n")) {
            if (line.startsWith("id: ")) {
                ids.add(line.substring(4));
            }
        }
        return ids;
    }

    @Test
    void anUnopenedRingCoversNothingAndTakesNothing() {
        Ring ring = new Ring(Framing.PLAIN, 10, 1000, SPACE);

        assertThat(ring.covers(START)).isFalse();
        assertThat(ring.head()).isNull();
        assertThat(ring.events()).isZero();
        assertThat(ring.offer(START, Stage.events("a"))).isFalse();
    }

    @Test
    void itCoversFromItsBaseToItsHeadWithinOneEpoch() {
        Ring ring = ring(10, 10_000);
        append(ring, 3, 1);

        assertThat(ring.covers(START)).isTrue();
        assertThat(ring.covers(START.plus(3))).isTrue();
        assertThat(ring.covers(START.plus(4))).isFalse();
        assertThat(ring.covers(new Cursor(7, 99))).isFalse();
        assertThat(ring.covers(new Cursor(8, 101))).isFalse();
        assertThat(ring.after(START.plus(3), ALL)).isSameAs(Frames.NONE);
    }

    @Test
    void readingOnPassesThroughEverySegmentWithoutAHole() {
        Ring ring = ring(1000, 1 << 20);
        append(ring, 400, 100);
        List<String> ids = new ArrayList<>();

        int runs = 0;
        for (Frames frames = ring.after(START, ALL); frames != Frames.NONE; runs++) {
            ids.addAll(ids(frames));
            assertThat(frames.last().toString()).isEqualTo(ids.get(ids.size() - 1));
            assertThat(frames.bytes()).isPositive();
            Cursor last = frames.last();
            frames.release();
            frames = ring.after(last, ALL);
        }

        assertThat(runs).isGreaterThan(3);
        assertThat(ids).hasSize(400).startsWith("7-101").endsWith("7-500").doesNotHaveDuplicates();
    }

    @Test
    void aRunHoldsAsManyEventsAsTheBoundHasRoomForAndOneAtLeast() {
        Ring ring = ring(1000, 1 << 20);
        append(ring, 10, 50);
        Frames one = ring.after(START, 1);
        int size = one.bytes();

        Frames exactlyThree = ring.after(START, 3 * size);
        Frames almostThree = ring.after(START, 3 * size - 1);
        Frames last = ring.after(START.plus(9), 1);

        assertThat(one.events()).isOne();
        assertThat(exactlyThree.events()).isEqualTo(3);
        assertThat(exactlyThree.bytes()).isEqualTo(3 * size);
        assertThat(almostThree.events()).isEqualTo(2);
        assertThat(last.events()).isOne();
        assertThat(last.last()).isEqualTo(ring.head());
    }

    @Test
    void itKeepsAtLeastAsManyEventsAsPromised() {
        for (int promised : new int[] {1, 2, 10, 100}) {
            Ring ring = ring(promised, Long.MAX_VALUE);
            for (int i = 1; i < 2000; i++) {
                append(ring, 1, i % 300);
                assertThat(ring.events()).isGreaterThanOrEqualTo(Math.min(i, promised));
            }
        }
    }

    @Test
    void itKeepsHardlyMoreThanItsBounds() {
        Ring byEvents = ring(100, Long.MAX_VALUE);
        Ring byBytes = ring(Integer.MAX_VALUE, 256 * 1024);

        append(byEvents, 20_000, 10);
        append(byBytes, 20_000, 100);

        assertThat(byEvents.bytes()).isLessThan(2 * 64 * 1024 + 1);
        assertThat(byBytes.bytes()).isLessThanOrEqualTo(256 * 1024);
        assertThat(byBytes.events()).isGreaterThan(1000);
    }

    @Test
    void anEventLargerThanEverythingIsStillHandedOn() {
        Ring ring = ring(10, 1000);
        append(ring, 3, 10);
        append(ring, 1, 200_000);
        append(ring, 1, 10);

        assertThat(ring.covers(START.plus(4))).isTrue();
        assertThat(ring.bytes()).isLessThanOrEqualTo(64 * 1024);
    }

    @Test
    void aStreamThatSaysLittleCostsLittle() {
        Ring ring = ring(1000, 1 << 20);
        assertThat(ring.bytes()).isZero();

        append(ring, 5, 50);

        assertThat(ring.bytes()).isEqualTo(1024);
    }

    @Test
    void whatWasHandedOutStaysReadableWhenTheRingHasMovedOn() {
        Ring ring = ring(1, 1);
        append(ring, 1, 10);
        Frames frames = ring.after(START, ALL);
        ByteBuf inSocket = frames.chunks();
        String before = inSocket.toString(StandardCharsets.UTF_8);
        frames.release();

        append(ring, 500, 500);
        ring.restart(new Cursor(8, 0));

        assertThat(inSocket.refCnt()).isOne();
        assertThat(inSocket.toString(StandardCharsets.UTF_8)).isEqualTo(before);
        assertThat(inSocket.release()).isTrue();
    }

    @Test
    void whenSpaceIsShortEachRingKeepsItsNewestSegmentAndGivesTheRestBack() {
        RingSpace space = new RingSpace(256 * 1024);
        List<Ring> rings = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            Ring ring = new Ring(Framing.PLAIN, 10_000, Long.MAX_VALUE, space);
            ring.restart(START);
            rings.add(ring);
            append(ring, 300, 200);
        }

        assertThat(rings.get(0).events()).isEqualTo(300);
        assertThat(rings.get(9).events()).isBetween(1L, 299L);
        assertThat(space.used()).isEqualTo(rings.stream().mapToLong(Ring::bytes).sum());
        rings.forEach(ring -> ring.restart(START));
        assertThat(space.used()).isZero();
        assertThat(space.isShort()).isFalse();
    }

    @Test
    void everyReferenceIsGivenBack() {
        Ring ring = ring(10, 1 << 20);
        append(ring, 30, 200);
        Frames frames = ring.after(ring.head().plus(-5), ALL);
        ByteBuf chunks = frames.chunks();
        ByteBuf segment = chunks.unwrap();
        while (segment.unwrap() != null) {
            segment = segment.unwrap();
        }
        assertThat(segment.refCnt()).isGreaterThan(1);

        ring.restart(START);
        frames.release();
        chunks.release();

        assertThat(segment.refCnt()).isZero();
        assertThat(ring.bytes()).isZero();
    }
}
