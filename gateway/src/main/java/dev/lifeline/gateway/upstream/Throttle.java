package dev.lifeline.gateway.upstream;

import dev.lifeline.gateway.rpc.Message;
import io.vertx.core.Context;
import io.vertx.core.Future;

/**
 * Keeps a stream from being read while too much of it is on its way to where it is kept. Lives on the stream's context.
 */
final class Throttle {

    /** How much may be under way: so many characters, of which even a small message counts for its share. */
    static final int MOST = 1 << 20;

    static final int LEAST_SHARE = MOST / 64;

    /** What can be made to wait. */
    interface Source {

        void pause();

        void resume();
    }

    private final Context context;
    private Source source;
    private long underWay;
    private boolean paused;

    Throttle(Context context) {
        this.context = context;
    }

    /** What a message counts for. */
    static int share(Message message) {
        return Math.min(MOST, Math.max(LEAST_SHARE, message.text().length()));
    }

    /** What is to wait from now on; null for nothing. */
    void on(Source next) {
        source = next;
        if (paused && next != null) {
            next.pause();
        }
    }

    void watch(Message message, Future<Void> kept) {
        if (kept.isComplete()) {
            return;
        }
        int share = share(message);
        underWay += share;
        if (!paused && underWay > MOST) {
            paused = true;
            if (source != null) {
                source.pause();
            }
        }
        kept.onComplete(done -> Here.run(context, () -> kept(share)));
    }

    private void kept(int share) {
        underWay -= share;
        if (paused && underWay <= MOST / 2) {
            paused = false;
            if (source != null) {
                source.resume();
            }
        }
    }
}
