package dev.lifeline.gateway.upstream;

import static dev.lifeline.gateway.fake.RunningGateway.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeline.gateway.session.Ending;
import io.vertx.core.Future;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

/** What is written to a process, and what becomes of what is not. */
class OutboxTest {

    private final Deque<Runnable> work = new ArrayDeque<>();
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();

    private String text() {
        return written.toString(StandardCharsets.UTF_8);
    }

    private void run() {
        while (!work.isEmpty()) {
            work.remove().run();
        }
    }

    @Test
    void linesAreWrittenInOrderByOneWorkerAtATime() {
        Outbox outbox = new Outbox(written, work::add);
        Future<Void> first = outbox.write("one");
        outbox.write("zwölf");
        assertThat(first.isComplete()).isFalse();
        assertThat(work).hasSize(1);

        run();

        await(first);
        assertThat(text()).isEqualTo("one\nzwölf\n");
    }

    @Test
    void whatIsTooMuchIsRefused() {
        Outbox outbox = new Outbox(written, work::add);
        for (int i = 0; i < Outbox.MOST_LINES; i++) {
            outbox.write("line");
        }

        assertThat(LinkContract.ending(outbox.write("one more"))).isEqualTo(Ending.NOT_SENT);
        run();
        assertThat(outbox.write("now").isComplete()).isFalse();
    }

    @Test
    void whatIsTooLargeIsRefused() {
        Outbox outbox = new Outbox(written, work::add);

        assertThat(LinkContract.ending(outbox.write("x".repeat((int) Outbox.MOST_BYTES))))
                .isEqualTo(Ending.NOT_SENT);
    }

    @Test
    void closingWritesTheRestFirst() {
        List<String> done = new ArrayList<>();
        Outbox outbox = new Outbox(
                new OutputStream() {
                    @Override
                    public void write(int b) {
                        done.add("written");
                    }

                    @Override
                    public void close() {
                        done.add("closed");
                    }
                },
                work::add);
        outbox.write("");
        outbox.close();
        run();
        outbox.close();
        run();

        assertThat(done).containsExactly("written", "closed");
        assertThat(LinkContract.ending(outbox.write("late"))).isEqualTo(Ending.NOT_SENT);
    }

    @Test
    void aBrokenPipeMayHaveTakenTheFirstLineAndNoOther() {
        Outbox outbox = new Outbox(
                new OutputStream() {
                    @Override
                    public void write(int b) throws IOException {
                        throw new IOException("broken pipe");
                    }
                },
                work::add);
        Future<Void> first = outbox.write("one");
        Future<Void> second = outbox.write("two");
        run();

        assertThat(LinkContract.ending(first)).isEqualTo(Ending.LOST);
        assertThat(LinkContract.ending(second)).isEqualTo(Ending.NOT_SENT);
    }

    @Test
    void withoutAWorkerNothingIsSent() {
        Outbox outbox = new Outbox(written, task -> {
            throw new RejectedExecutionException();
        });

        assertThat(LinkContract.ending(outbox.write("one"))).isEqualTo(Ending.NOT_SENT);
    }
}
