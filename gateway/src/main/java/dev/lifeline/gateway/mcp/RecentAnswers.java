package dev.lifeline.gateway.mcp;

import dev.lifeline.event.Cursor;
import dev.lifeline.event.Event;
import dev.lifeline.gateway.log.Log;
import dev.lifeline.gateway.log.Page;
import dev.lifeline.gateway.session.Session;
import dev.lifeline.gateway.session.Sessions;
import io.vertx.core.Future;
import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The answers last written to a client that comes back without saying what it has. Written is not received: what left for
 * a dying line is lost. A lost answer hangs a call, while one that comes twice is passed over by every client; so answers
 * are sent again, and only answers.
 */
final class RecentAnswers {

    private static final int EVENTS = 64;
    private static final int BYTES = 256 * 1024;

    private final Log log;

    RecentAnswers(Log log) {
        this.log = log;
    }

    /** The answers among the last events up to a position, ready to write. */
    Future<byte[]> upTo(Session session, Cursor written) {
        Cursor from = new Cursor(written.epoch(), Math.max(0, written.sequence() - EVENTS));
        McpFraming framing = new McpFraming(session.id());
        return log.read(session.stream(), from, EVENTS).map(page -> newest(answers(page, written, framing)));
    }

    private static Deque<byte[]> answers(Page page, Cursor written, McpFraming framing) {
        Deque<byte[]> answers = new ArrayDeque<>();
        Cursor at = page.start();
        for (Event event : page.events()) {
            at = at.successor();
            boolean answer =
                    event.type().equals(Sessions.ANSWER) || event.type().equals(Sessions.LAST);
            if (answer && !at.isAfter(written)) {
                answers.add(framing.encode(at, event));
            }
        }
        return answers;
    }

    private static byte[] newest(Deque<byte[]> answers) {
        int size = answers.stream().mapToInt(bytes -> bytes.length).sum();
        while (size > BYTES) {
            size -= answers.removeFirst().length;
        }
        ByteArrayOutputStream all = new ByteArrayOutputStream(size);
        answers.forEach(all::writeBytes);
        return all.toByteArray();
    }
}
