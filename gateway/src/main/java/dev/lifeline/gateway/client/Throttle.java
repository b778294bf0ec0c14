package dev.lifeline.gateway.client;

import io.vertx.core.Context;
import io.vertx.core.Future;

/**
 * Keeps a stream from being read while too much of it is on its way to where it is kept. Lives on the stream's context.
 */
public final class Throttle {

    /** How much may be under way: so many characters, of which even a small event counts for its share. */
    public static final int MOST = 1 << 20;

    static final int LEAST_SHARE = MOST / 64;

    /** What can be made to wait. */
    public interface Source {

        void pause();

        void resume();
    }

    private final Context context;
    private Source source;
    private long underWay;
    private boolean paused;

    public Throttle(Context context) {
        this.context = context;
    }

    /** What an event of so many characters counts for. */
    public static int share(int characters) {
        return Math.min(MOST, Math.max(LEAST_SHARE, characters));
    }

    /** What is to wait from now on; null for nothing. */
    public void on(Source next) {
        source = next;
        if (paused && next != null) {
            next.pause();
        }
    }

    /** So many characters are on their way until the future completes. */
    public void watch(int characters, Future<?> kept) {
        if (kept.isComplete()) {
            return;
        }
        int share = share(characters);
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
