package dev.lifeline.gateway.client;

import dev.lifeline.gateway.fault.Fault;
import dev.lifeline.gateway.fault.Step;
import dev.lifeline.wire.Bounds;
import dev.lifeline.wire.SseLimitException;
import dev.lifeline.wire.SseParser;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a response as an event stream, to its end. It lives on the response's context, and tells its reader nothing
 * after it has told the end.
 */
public final class EventReader implements SseParser.Sink, Throttle.Source {

    /** What came to an end. */
    public enum End {
        /** The other side ended it properly. */
        CLOSED,
        CUT,
        /** Nothing was heard for so long that we ended it. */
        IDLE,
        /** The other side sent what is no event stream, or more than we take. */
        UNREADABLE
    }

    /** Who reads. */
    public interface Reader {

        /** @param id the event's own id, or null if it came without */
        void event(String id, String type, String data);

        /** The other side says where it could go on from, and nothing else. */
        void position(String id);

        /** The other side takes back the ids it gave: it could go on from nowhere. */
        void forget();

        void hint(long retryMillis);

        void over(End end);
    }

    private static final Logger LOG = LoggerFactory.getLogger(EventReader.class);
    private static final long COURTESY_MILLIS = 1000;

    /** What no stream can name: the id of an event before any was named. */
    private static final String UNSAID = "\n";

    private final Vertx vertx;
    private final HttpClientResponse response;
    private final Silence silence;
    private final SseParser parser;
    private final Reader reader;

    // Also on a stream that goes on after an id: whatever id is seen first was sent, maybe once more.
    private String lastId = UNSAID;
    private boolean named;
    private boolean over;
    private boolean ended;
    private Runnable left = () -> {};

    /**
     * Reads nothing yet.
     *
     * @param bytes the most an event may have
     * @param patience how long nothing may be heard
     */
    public EventReader(Vertx vertx, HttpClientResponse response, int bytes, Duration patience, Reader reader) {
        this.vertx = vertx;
        this.response = response;
        this.reader = reader;
        this.parser = new SseParser(bounds(bytes), this);
        parser.reset(UNSAID);
        this.silence = new Silence(vertx, patience, () -> tell(End.IDLE));
    }

    /** How much of a stream is taken where an event may have so many bytes. */
    private static Bounds bounds(int eventBytes) {
        return new Bounds(eventBytes, Bounds.DEFAULT.label(), Bounds.DEFAULT.skipped());
    }

    /** Whether an answer is a stream that can be read. */
    public static boolean isStream(HttpClientResponse response) {
        String type = response.getHeader(HttpHeaders.CONTENT_TYPE);
        String media = type == null ? "" : type.split(";", 2)[0].strip();
        return media.equalsIgnoreCase(Door.EVENT_STREAM);
    }

    public void start() {
        response.exceptionHandler(lost -> end(End.CUT))
                .endHandler(closed -> end(End.CLOSED))
                .handler(this::feed);
        response.resume();
    }

    /**
     * Nothing more is told, whatever still comes. The other side gets a moment to end the stream properly, so that its
     * connection can be used again.
     */
    public void leave(Sending sending) {
        over = true;
        silence.stop();
        if (!ended) {
            long timer = vertx.setTimer(COURTESY_MILLIS, late -> sending.cancel());
            left = () -> vertx.cancelTimer(timer);
            response.resume();
        }
    }

    private void feed(Buffer chunk) {
        if (over) {
            return;
        }
        silence.heard();
        byte[] bytes = chunk.getBytes();
        try {
            parser.feed(bytes, 0, bytes.length);
        } catch (SseLimitException passed) {
            tell(End.UNREADABLE);
        } catch (RuntimeException broken) {
            // What was done with an event that throws, nobody knows; what came behind it is lost.
            LOG.error("a stream could not be read on", broken);
            tell(End.UNREADABLE);
        }
    }

    private void end(End how) {
        ended = true;
        left.run();
        tell(how);
    }

    private void tell(End how) {
        if (!over) {
            over = true;
            silence.stop();
            reader.over(how);
        }
    }

    @Override
    public void event(String id, String type, String data) {
        if (over) {
            return;
        }
        if (Fault.at(Step.UPSTREAM_READ)) {
            end(End.CUT);
            return;
        }
        // One that only follows a position has none of its own; one that repeats the id of a position was sent before.
        boolean own = take(id) || named;
        named = false;
        reader.event(own && isUsable(id) ? id : null, type, data);
    }

    @Override
    public void named() {
        named = true;
    }

    /** Whether an id is another than that of the event before. */
    private boolean take(String id) {
        boolean another = !id.equals(lastId);
        boolean takenBack = another && id.isEmpty() && !lastId.equals(UNSAID);
        lastId = id;
        if (takenBack) {
            reader.forget();
        }
        return another;
    }

    /** Whether it can be said again, in a header. */
    private static boolean isUsable(String id) {
        return !id.isEmpty() && id.chars().noneMatch(Character::isISOControl);
    }

    @Override
    public void position(String lastEventId) {
        if (!over) {
            take(lastEventId);
            if (isUsable(lastEventId)) {
                reader.position(lastEventId);
            }
        }
    }

    @Override
    public void retry(long millis) {
        if (!over) {
            reader.hint(millis);
        }
    }

    @Override
    public void pause() {
        silence.hold(true);
        response.pause();
    }

    @Override
    public void resume() {
        silence.hold(false);
        response.resume();
    }
}
