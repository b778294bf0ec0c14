package dev.lifeline.gateway.upstream;

import dev.lifeline.wire.Bounds;
import dev.lifeline.wire.SseLimitException;
import dev.lifeline.wire.SseParser;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a response as an event stream, to its end. It lives on the response's context, and tells its reader nothing
 * after it has told the end.
 */
final class EventReader implements SseParser.Sink, Throttle.Source {

    /** What came to an end. */
    enum End {
        /** The other side ended it properly. */
        CLOSED,
        CUT,
        /** Nothing was heard for so long that we ended it. */
        IDLE,
        /** The other side sent what is no event stream, or more than we take. */
        UNREADABLE
    }

    /** Who reads. */
    interface Reader {

        /** @param id the event's own id, or null if it came without */
        void event(String id, String type, String data);

        /** The upstream says where it could go on from, and nothing else. */
        void position(String id);

        void hint(long retryMillis);

        void over(End end);
    }

    private static final Logger LOG = LoggerFactory.getLogger(EventReader.class);
    private static final String MESSAGE = "message";
    private static final long COURTESY_MILLIS = 1000;

    private final Vertx vertx;
    private final HttpClientResponse response;
    private final Silence silence;
    private final SseParser parser;
    private final Reader reader;

    // Empty at first also on a stream that goes on after an id: whatever id is seen first was sent, maybe once more.
    private String lastId = "";
    private boolean over;
    private boolean ended;
    private Runnable left = () -> {};

    EventReader(Vertx vertx, HttpClientResponse response, UpstreamTerms terms, Duration patience, Reader reader) {
        this.vertx = vertx;
        this.response = response;
        this.reader = reader;
        this.parser = new SseParser(bounds(terms.room().messageBytes()), this);
        this.silence = new Silence(vertx, patience, () -> tell(End.IDLE));
    }

    /** How much of a stream is taken where a message may have so many bytes. */
    private static Bounds bounds(int messageBytes) {
        return new Bounds(messageBytes, Bounds.DEFAULT.label(), Bounds.DEFAULT.skipped());
    }

    /** Whether a type is that of messages; some servers leave it out and some name it. */
    static boolean isMessage(String type) {
        return type.equals(MESSAGE);
    }

    void start() {
        response.exceptionHandler(lost -> end(End.CUT))
                .endHandler(closed -> end(End.CLOSED))
                .handler(this::feed);
        response.resume();
    }

    /**
     * Nothing more is told, whatever still comes. The other side gets a moment to end the stream properly, so that its
     * connection can be used again.
     */
    void leave(Sending sending) {
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
            LOG.error("an upstream's stream could not be read on", broken);
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
        boolean own = !id.equals(lastId) && isUsable(id);
        lastId = id;
        if (!data.isEmpty()) {
            reader.event(own ? id : null, type, data);
        } else if (own) {
            reader.position(id);
        }
    }

    /** Whether it can be said again, in a header. */
    private static boolean isUsable(String id) {
        return !id.isEmpty() && id.chars().noneMatch(Character::isISOControl);
    }

    @Override
    public void position(String lastEventId) {
        if (!over) {
            lastId = lastEventId;
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
