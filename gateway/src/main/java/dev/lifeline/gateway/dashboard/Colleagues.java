package dev.lifeline.gateway.dashboard;

import dev.lifeline.gateway.session.Courier;
import dev.lifeline.gateway.session.NodeId;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The other nodes, asked all at once. Whoever says nothing within a second is named and not waited for. */
final class Colleagues {

    private static final Logger LOG = LoggerFactory.getLogger(Colleagues.class);
    private static final long PATIENCE_MILLIS = 1000;

    private final Vertx vertx;
    private final Courier courier;
    private final Supplier<Set<String>> others;

    /**
     * What the others said.
     *
     * @param said by node
     * @param silent names of those who said nothing, in order
     */
    record Answers(Map<String, String> said, List<String> silent) {}

    Colleagues(Vertx vertx, Courier courier, Supplier<Set<String>> others) {
        this.vertx = vertx;
        this.courier = courier;
        this.others = others;
    }

    Set<String> others() {
        return others.get();
    }

    void answer(String subject, Function<String, Future<String>> how) {
        courier.answer(subject, (asker, question) -> how.apply(question));
    }

    /** Tells all others something that needs no answer. */
    void tell(String subject) {
        others().forEach(node -> courier.ask(node, subject, "")
                .onFailure(lost -> LOG.debug("{} was not told of {}: {}", node, subject, lost.toString())));
    }

    Future<Answers> ask(Collection<String> nodes, String subject, String question) {
        Map<String, String> said = new TreeMap<>();
        List<String> silent = new ArrayList<>();
        List<Future<Void>> all = new ArrayList<>();
        for (String node : nodes) {
            all.add(ask(node, subject, question).transform(answer -> {
                synchronized (said) {
                    if (answer.succeeded()) {
                        said.put(node, answer.result());
                    } else {
                        silent.add(node);
                    }
                }
                return Future.succeededFuture();
            }));
        }
        Future<?> asked = all.isEmpty() ? Future.succeededFuture() : Future.all(all);
        return asked.map(done ->
                new Answers(said, silent.stream().map(NodeId::nameOf).sorted().toList()));
    }

    private Future<String> ask(String node, String subject, String question) {
        Promise<String> answer = Promise.promise();
        long late = vertx.setTimer(PATIENCE_MILLIS, over -> answer.tryFail("no answer in time"));
        courier.ask(node, subject, question).onComplete(said -> {
            vertx.cancelTimer(late);
            if (said.succeeded()) {
                answer.tryComplete(said.result());
            } else {
                answer.tryFail(said.cause());
            }
        });
        return answer.future();
    }
}
