package dev.lifeline.gateway.stream;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Iterator;
import java.util.function.Function;

/**
 * One step for each of many, so many under way at a time: the rest of the node has the same log to talk to, and a round
 * over thousands of streams must not fill the way there. From any thread.
 */
final class Round<T> {

    private final Iterator<T> all;
    private final int atOnce;
    private final Function<T, Future<Void>> step;
    private final Promise<Void> done = Promise.promise();

    // Guarded by this, as is the iterator.
    private int underWay;

    private Round(Iterator<T> all, int atOnce, Function<T, Future<Void>> step) {
        this.all = all;
        this.atOnce = atOnce;
        this.step = step;
    }

    /** Succeeds when every step has been answered, well or not. */
    static <T> Future<Void> over(Iterable<T> all, int atOnce, Function<T, Future<Void>> step) {
        Round<T> round = new Round<>(all.iterator(), atOnce, step);
        round.advance();
        return round.done.future();
    }

    private void advance() {
        for (T next = next(); next != null; next = next()) {
            Future<Void> answer = step.apply(next);
            if (answer.isComplete()) {
                answered();
            } else {
                answer.onComplete(late -> {
                    answered();
                    advance();
                });
            }
        }
    }

    private synchronized T next() {
        if (underWay < atOnce && all.hasNext()) {
            underWay++;
            return all.next();
        }
        if (underWay == 0) {
            done.tryComplete();
        }
        return null;
    }

    private synchronized void answered() {
        underWay--;
    }
}
