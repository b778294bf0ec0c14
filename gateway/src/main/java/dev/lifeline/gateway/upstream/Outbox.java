package dev.lifeline.gateway.upstream;

import dev.lifeline.gateway.session.Ending;
import dev.lifeline.gateway.session.LinkFailure;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/** Lines on their way into a process. They are written in order, by a thread that is there while there are any. */
final class Outbox {

    /** How much may wait for a process that does not read; what is more is refused. */
    static final int MOST_LINES = 256;

    static final long MOST_BYTES = 16L << 20;

    private record Line(byte[] bytes, Promise<Void> written) {}

    private final OutputStream out;
    private final Executor writers;
    private final Deque<Line> lines = new ArrayDeque<>();
    private long bytes;
    private boolean writing;
    private boolean closing;
    private boolean closed;

    Outbox(OutputStream out, Executor writers) {
        this.out = out;
        this.writers = writers;
    }

    /** The future is completed on any thread. */
    Future<Void> write(String text) {
        Line line = new Line((text + "\n").getBytes(StandardCharsets.UTF_8), Promise.promise());
        synchronized (this) {
            if (closing) {
                return refused("the process is being ended");
            }
            if (lines.size() == MOST_LINES || bytes + line.bytes().length > MOST_BYTES) {
                return refused("the process does not read what it is sent");
            }
            lines.add(line);
            bytes += line.bytes().length;
        }
        wake();
        return line.written().future();
    }

    private static Future<Void> refused(String why) {
        return Future.failedFuture(new LinkFailure(Ending.NOT_SENT, why));
    }

    /** Nothing more is taken; when all is written, the process sees the end of its input. */
    void close() {
        synchronized (this) {
            closing = true;
        }
        wake();
    }

    private void wake() {
        synchronized (this) {
            if (writing || closed) {
                return;
            }
            writing = true;
        }
        try {
            writers.execute(this::work);
        } catch (RejectedExecutionException over) {
            fail(Ending.NOT_SENT, "the upstream is being closed");
        }
    }

    private void work() {
        try {
            for (Line line = next(); line != null; line = next()) {
                out.write(line.bytes());
                out.flush();
                taken(line);
            }
        } catch (IOException gone) {
            fail(Ending.LOST, "the process does not read any more");
        }
    }

    /** What is to be written now, left in its place; null when this thread may go. */
    private Line next() throws IOException {
        synchronized (this) {
            Line line = lines.peek();
            if (line != null) {
                return line;
            }
            writing = false;
            if (!closing || closed) {
                return null;
            }
            closed = true;
        }
        out.close();
        return null;
    }

    private void taken(Line line) {
        synchronized (this) {
            lines.remove();
            bytes -= line.bytes().length;
        }
        line.written().complete();
    }

    /** Of the first line some may have been read; of the others, nothing. */
    private void fail(Ending first, String why) {
        Deque<Line> left;
        synchronized (this) {
            closing = true;
            closed = true;
            writing = false;
            left = new ArrayDeque<>(lines);
            lines.clear();
        }
        Ending ending = first;
        for (Line line : left) {
            line.written().fail(new LinkFailure(ending, why));
            ending = Ending.NOT_SENT;
        }
    }
}
