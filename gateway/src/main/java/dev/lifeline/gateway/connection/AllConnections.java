package dev.lifeline.gateway.connection;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The connections of all event loops of a node, for those who look on. Each loop is asked on its own thread: nobody
 * touches what another owns. For every thread.
 */
public final class AllConnections {

    /** Looked at in one turn: a loop with very many goes on serving them meanwhile. */
    private static final int SLICE = 1000;

    private final List<Connections> loops = new CopyOnWriteArrayList<>();

    public void add(Connections loop) {
        loops.add(loop);
    }

    /** Asks every loop, and gives back what each said. */
    public <T> Future<List<T>> ask(Function<Connections, T> question) {
        List<Future<T>> answers = new ArrayList<>();
        for (Connections loop : loops) {
            Promise<T> answer = Promise.promise();
            run(loop, answer, () -> answer.complete(question.apply(loop)));
            answers.add(answer.future());
        }
        return all(answers);
    }

    /**
     * Shows every connection that is open to an eye, slice by slice, and gives the eyes back.
     *
     * @param eyes makes one for each loop, used on that loop alone
     */
    public <T extends Consumer<Connection>> Future<List<T>> survey(Supplier<T> eyes) {
        List<Future<T>> surveys = new ArrayList<>();
        for (Connections loop : loops) {
            Promise<T> done = Promise.promise();
            T eye = eyes.get();
            run(loop, done, () -> {
                List<Connection> all = new ArrayList<>();
                loop.forEach(all::add);
                look(loop, all, 0, eye, done);
            });
            surveys.add(done.future());
        }
        return all(surveys);
    }

    private static <T extends Consumer<Connection>> void look(
            Connections loop, List<Connection> all, int from, T eye, Promise<T> done) {
        int to = Math.min(all.size(), from + SLICE);
        all.subList(from, to).stream().filter(Connection::isOpen).forEach(eye);
        if (to == all.size()) {
            done.complete(eye);
        } else {
            run(loop, done, () -> look(loop, all, to, eye, done));
        }
    }

    private static void run(Connections loop, Promise<?> answer, Runnable step) {
        try {
            loop.loop().execute(() -> {
                try {
                    step.run();
                } catch (RuntimeException defect) {
                    answer.tryFail(defect);
                }
            });
        } catch (RuntimeException stopped) {
            answer.tryFail(stopped);
        }
    }

    private static <T> Future<List<T>> all(List<Future<T>> parts) {
        return parts.isEmpty()
                ? Future.succeededFuture(List.of())
                : Future.all(parts)
                        .map(done -> parts.stream().map(Future::result).toList());
    }
}
