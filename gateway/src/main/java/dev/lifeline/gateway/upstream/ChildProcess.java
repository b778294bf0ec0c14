package dev.lifeline.gateway.upstream;

import dev.lifeline.gateway.client.Here;
import dev.lifeline.gateway.client.Throttle;
import dev.lifeline.gateway.rpc.Message;
import dev.lifeline.gateway.rpc.RpcError;
import dev.lifeline.gateway.session.Ending;
import dev.lifeline.gateway.session.LinkFailure;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One process that is spoken with over its standard input and output, a line for each message. Two threads read what it
 * says and wait where too much of it is under way; a third one writes while there is something to write.
 */
final class ChildProcess implements Wire {

    private static final Logger LOG = LoggerFactory.getLogger(ChildProcess.class);

    /** How long a process may take to end by itself, and then again when it is asked to. */
    private static final long GRACE_SECONDS = 2;

    /** Until what a process said before it ended has been read; somebody else may hold its output open for ever. */
    private static final long LAST_WORDS_MILLIS = 500;

    private final StdioUpstream upstream;
    private final Pipe pipe;
    private final Vertx vertx;
    private final Context context;
    private final Semaphore room = new Semaphore(Throttle.MOST);
    private Process process;
    private Outbox outbox;
    private Future<Void> ending;
    private boolean closed;

    ChildProcess(StdioUpstream upstream, Pipe pipe) {
        this.upstream = upstream;
        this.pipe = pipe;
        this.vertx = upstream.vertx();
        this.context = vertx.getOrCreateContext();
    }

    @Override
    public Future<String> connect() {
        return context.executeBlocking(() -> upstream.start(this), false)
                .recover(failed -> Future.failedFuture(
                        failed instanceof LinkFailure
                                ? failed
                                : new LinkFailure(
                                        Ending.NOT_SENT, "the process could not be started: " + failed.getMessage())))
                .map(started -> {
                    begin(started);
                    return null;
                });
    }

    private void begin(Process started) {
        process = started;
        outbox = new Outbox(started.getOutputStream(), upstream.writers());
        StdioUpstream.daemon("stdio-read-" + upstream.name(), this::read).start();
        StdioUpstream.daemon(
                        "stdio-errors-" + upstream.name(),
                        () -> upstream.errors().read(started.getErrorStream()))
                .start();
        started.onExit()
                .thenRun(() -> context.runOnContext(gone -> vertx.setTimer(LAST_WORDS_MILLIS, late -> ended())));
        if (closed) {
            end(started);
        }
    }

    @Override
    public Future<Void> write(Message message) {
        Promise<Void> written = Promise.promise();
        outbox.write(message.text()).onComplete(done -> Here.run(context, () -> written.handle(done)));
        return written.future();
    }

    private void read() {
        try (var out = process.getInputStream()) {
            Lines lines = new Lines(out, upstream.terms().room().messageBytes());
            for (byte[] line = lines.next(); line != null; line = lines.next()) {
                read(line);
            }
        } catch (IOException gone) {
            upstream.complaints().warn("a process's output was lost", gone.toString());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
        context.runOnContext(over -> ended());
    }

    private void read(byte[] line) throws InterruptedException {
        if (line == Lines.TOO_LONG) {
            upstream.complaints().warn("a process said more in one line than is taken", "");
            return;
        }
        Buffer bytes = Buffer.buffer(line);
        try {
            for (Message message : upstream.terms().reader().read(bytes).messages()) {
                pass(message);
            }
        } catch (RpcError noMessage) {
            upstream.complaints().warn("a process said what is no JSON-RPC", bytes.toString());
        }
    }

    private void pass(Message message) throws InterruptedException {
        int share = Throttle.share(message.text().length());
        room.acquire(share);
        context.runOnContext(there -> take(message).onComplete(kept -> room.release(share)));
    }

    private Future<Void> take(Message message) {
        try {
            return pipe.arrived(message, null);
        } catch (RuntimeException broken) {
            LOG.error("what a process said could not be taken on", broken);
            return Future.failedFuture(broken);
        }
    }

    /** Its output has ended: whatever it still does, it answers nothing any more. */
    private void ended() {
        pipe.end();
        close();
    }

    @Override
    public Future<Void> close() {
        Promise<Void> done = Promise.promise();
        Here.run(context, () -> {
            closed = true;
            if (process == null) {
                done.complete();
            } else {
                end(process).onComplete(done);
            }
        });
        return done.future();
    }

    /** Its input ends; if that is no reason for it to end, it is asked to; and then made to. */
    private Future<Void> end(Process last) {
        if (ending == null) {
            outbox.close();
            List<ProcessHandle> itself = List.of(last.toHandle());
            ending = context.executeBlocking(() -> family(last), false)
                    .compose(family -> gone(itself)
                            .recover(stays -> gone(told(family, ProcessHandle::destroy)))
                            .recover(stays -> {
                                told(family, ProcessHandle::destroyForcibly);
                                return gone(itself);
                            })
                            // Nobody may have asked after those it left behind.
                            .onComplete(done -> told(family, ProcessHandle::destroyForcibly)))
                    .otherwiseEmpty()
                    .onComplete(over -> upstream.buried(this));
        }
        return ending;
    }

    private static List<ProcessHandle> family(Process process) {
        return Stream.concat(Stream.of(process.toHandle()), process.descendants())
                .toList();
    }

    private static List<ProcessHandle> told(List<ProcessHandle> family, Consumer<ProcessHandle> what) {
        List<ProcessHandle> alive =
                family.stream().filter(ProcessHandle::isAlive).toList();
        alive.forEach(what);
        return alive;
    }

    private Future<Void> gone(List<ProcessHandle> family) {
        var exits = family.stream().map(ProcessHandle::onExit).toArray(CompletableFuture<?>[]::new);
        return Future.fromCompletionStage(CompletableFuture.allOf(exits), context)
                .timeout(GRACE_SECONDS, TimeUnit.SECONDS);
    }
}
