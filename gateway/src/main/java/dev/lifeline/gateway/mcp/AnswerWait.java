package dev.lifeline.gateway.mcp;

import dev.lifeline.event.Cursor;
import dev.lifeline.event.Event;
import dev.lifeline.gateway.log.Log;
import dev.lifeline.gateway.log.Page;
import dev.lifeline.gateway.rpc.Message;
import dev.lifeline.gateway.rpc.MessageReader;
import dev.lifeline.gateway.rpc.RpcError;
import dev.lifeline.gateway.session.Sessions;
import io.netty.channel.EventLoop;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Waits for answers in a session's own stream, for somebody who wants them in hand as well. That stream has one reader at
 * a time and this must not be it, so the log is looked at, ever less often, up to ten times a second.
 */
final class AnswerWait {

    private static final int PAGE = 64;
    private static final long FIRST_LOOK_MILLIS = 5;
    private static final long SLOWEST_LOOK_MILLIS = 100;

    private final Log log;
    private final MessageReader reader;
    private final EventLoop loop;
    private final String stream;
    private final Set<String> ids;
    private final long deadline;
    private final List<String> answers = new ArrayList<>();
    private final Promise<List<String>> done = Promise.promise();

    private Cursor at;
    private long pause = FIRST_LOOK_MILLIS;

    private AnswerWait(Means means, String stream, Cursor after, Set<String> ids, Duration longest) {
        this.log = means.ports().log();
        this.reader = means.ports().reader();
        this.loop = means.reception().connections().loop();
        this.stream = stream;
        this.at = after;
        this.ids = new HashSet<>(ids);
        this.deadline = System.nanoTime() + longest.toNanos();
    }

    /** The answers to these requests that come after a position, in time; those that do not, stay in the stream. */
    static Future<List<String>> on(Means means, String stream, Cursor after, Set<String> ids, Duration longest) {
        AnswerWait wait = new AnswerWait(means, stream, after, ids, longest);
        wait.look();
        return wait.done.future();
    }

    private void look() {
        log.read(stream, at, PAGE)
                .onComplete(read -> loop.execute(() -> {
                    boolean more = read.succeeded() && take(read.result());
                    if (ids.isEmpty() || System.nanoTime() >= deadline) {
                        done.complete(answers);
                    } else if (more) {
                        look();
                    } else {
                        loop.schedule(this::look, pause, TimeUnit.MILLISECONDS);
                        pause = Math.min(2 * pause, SLOWEST_LOOK_MILLIS);
                    }
                }));
    }

    private boolean take(Page page) {
        for (Event event : page.events()) {
            if (event.type().equals(Sessions.ANSWER) || event.type().equals(Sessions.LAST)) {
                take(event.data());
            }
        }
        at = page.end();
        return !page.events().isEmpty();
    }

    private void take(String data) {
        try {
            Message message = reader.readOne(data);
            if (ids.remove(message.id())) {
                answers.add(data);
            }
        } catch (RpcError unreadable) {
            // Not an answer to anything we can tell.
        }
    }
}
