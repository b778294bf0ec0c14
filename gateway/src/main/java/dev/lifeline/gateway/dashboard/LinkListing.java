package dev.lifeline.gateway.dashboard;

import dev.lifeline.gateway.connection.Connection;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** The connections that are open. Each is looked at on its own event loop, and shown only if it is sought. */
final class LinkListing implements Listing {

    private static final Set<String> KINDS =
            Arrays.stream(Who.Kind.values()).map(Who.Kind::label).collect(Collectors.toCollection(TreeSet::new));
    private static final Set<String> STATES = new TreeSet<>(List.of("replaying", "live", "lagging"));
    private static final Set<String> SORTS = new TreeSet<>(List.of("age", "lag", "events", "bytes"));

    /** Sessions looked up at a time whose client is not known here: the next look shows it. */
    private static final int MOST_ASKED = 50;

    private final Sight sight;

    LinkListing(Sight sight) {
        this.sight = sight;
    }

    @Override
    public String name() {
        return "connections";
    }

    @Override
    public Set<String> parameters() {
        return Set.of("node", "kind", "state", "q", "sort");
    }

    @Override
    public void check(Map<String, String> filters) {
        Query.word(filters, "kind", KINDS, null);
        Query.word(filters, "state", STATES, null);
        Query.word(filters, "sort", SORTS, null);
    }

    @Override
    public Future<Found> find(Query query) {
        return sight.connections().survey(() -> new Eye(query)).map(eyes -> {
            List<Row> rows = new ArrayList<>();
            eyes.forEach(eye -> rows.addAll(eye.best.rows()));
            rows.sort(Row.ORDER);
            return new Found(
                    eyes.stream().mapToLong(eye -> eye.total).sum(),
                    eyes.stream().mapToLong(eye -> eye.best.offered()).sum(),
                    List.copyOf(rows.subList(0, Math.min(rows.size(), query.reach()))));
        });
    }

    /** Looks at the connections of one event loop. */
    private final class Eye implements Consumer<Connection> {

        private final Best best;
        private final Map<String, String> filters;
        private final String sort;
        private long total;
        private int asked;

        Eye(Query query) {
            this.best = new Best(query.reach());
            this.filters = query.filters();
            this.sort = filters.getOrDefault("sort", "age");
        }

        @Override
        public void accept(Connection connection) {
            total++;
            LinkView view = LinkView.of(connection, sight.sessions());
            if (view.isUnknown() && asked++ < MOST_ASKED) {
                sight.sessions().learn(Shown.sessionOf(connection.subscription().stream()));
            }
            if (view.isSought(filters)) {
                best.offer(view.row(sort, sight.name()));
            }
        }
    }
}
