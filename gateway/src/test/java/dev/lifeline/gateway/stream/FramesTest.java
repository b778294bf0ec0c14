package dev.lifeline.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeline.event.Cursor;
import dev.lifeline.gateway.log.Page;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Runs of events that come from elsewhere than the ring. */
class FramesTest {

    private static final Cursor START = Cursor.origin(36);

    private static Page page(String... data) {
        return new Page(null, START, Stage.events(data), START.plus(data.length));
    }

    @Test
    void aPageIsWrittenAsItsEvents() {
        Frames frames = Frames.of(page("a", "b"), Framing.PLAIN, 1000);

        assertThat(new String(frames.plain(), StandardCharsets.UTF_8))
                .isEqualTo("id: 10-1\ndata: a\n\nid: 10-2\ndata: b\n\n");
        assertThat(frames.events()).isEqualTo(2);
        assertThat(frames.last()).isEqualTo(START.plus(2));
        frames.release();
    }

    @Test
    void ofAPageThatIsTooHeavyOnlyTheBeginningIsTaken() {
        Frames one = Frames.of(page("a", "b", "c"), Framing.PLAIN, 1);
        Frames two = Frames.of(page("a", "b", "c"), Framing.PLAIN, 2 * one.bytes());

        assertThat(one.events()).isOne();
        assertThat(one.last()).isEqualTo(START.plus(1));
        assertThat(two.events()).isEqualTo(2);
        assertThat(two.last()).isEqualTo(START.plus(2));
        List.of(one, two).forEach(Frames::release);
    }

    @Test
    void anEmptyPageIsNoBytesAndNoStep() {
        Frames frames = Frames.of(page(), Framing.PLAIN, 1000);

        assertThat(frames.events()).isZero();
        assertThat(frames.bytes()).isZero();
        assertThat(frames.last()).isEqualTo(START);
        frames.release();
    }

    @Test
    void anAsideIsOneChunkAndNoEvent() {
        Frames frames = Frames.aside(": 1\n".getBytes(StandardCharsets.UTF_8));
        ByteBuf chunks = frames.chunks();

        assertThat(chunks.toString(StandardCharsets.UTF_8)).isEqualTo("4\r\n: 1\n\r\n");
        assertThat(frames.events()).isZero();
        assertThat(frames.last()).isNull();
        chunks.release();
        frames.release();
        assertThat(chunks.refCnt()).isZero();
    }

    @Test
    void nothingToSayIsNothingOnTheWire() {
        Frames frames = Frames.aside(new byte[0]);

        assertThat(frames.bytes()).isZero();
        frames.release();
    }

    @Test
    void nothingToWriteIsReleasedAtNoCost() {
        Frames.NONE.release();

        assertThat(Frames.NONE.events()).isZero();
    }
}
