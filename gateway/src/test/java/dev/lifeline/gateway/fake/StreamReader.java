package dev.lifeline.gateway.fake;

import dev.lifeline.gateway.fake.Heard.Kind;
import dev.lifeline.wire.Bounds;
import dev.lifeline.wire.SseParser;
import io.vertx.core.http.HttpClientResponse;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Hears a stream through a real HTTP client, for the protocols nobody speaks by hand. */
public final class StreamReader implements SseParser.Sink {

    private static final long PATIENCE_SECONDS = 15;

    private final BlockingQueue<Heard> heard = new LinkedBlockingQueue<>();

    /** On the client's own thread, before the body begins. */
    public StreamReader(HttpClientResponse response) {
        SseParser parser = new SseParser(Bounds.DEFAULT, this);
        response.handler(bytes -> parser.feed(bytes.getBytes(), 0, bytes.length()));
        response.endHandler(end -> tell(Kind.END, "", "", ""));
        response.exceptionHandler(cut -> tell(Kind.CUT, "", "", String.valueOf(cut.getMessage())));
    }

    /** The next thing of a kind; what comes before is passed over. Null if it does not come. */
    public Heard next(Kind kind) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        try {
            while (true) {
                Heard next = heard.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
                if (next == null || next.is(kind)) {
                    return next;
                }
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void event(String id, String type, String data) {
        tell(Kind.EVENT, id, type, data);
    }

    @Override
    public void position(String lastEventId) {
        tell(Kind.POSITION, lastEventId, "", "");
    }

    @Override
    public void comment(String beginning) {
        tell(Kind.COMMENT, "", "", beginning);
    }

    private void tell(Kind kind, String id, String type, String text) {
        heard.add(new Heard(kind, id, type, text, System.nanoTime()));
    }
}
