package dev.lifeline.gateway.dashboard;

import java.util.ArrayList;
import java.util.List;

/** The first so many rows of however many are offered; never more than twice as many are held. */
final class Best {

    private final int most;
    private final List<Row> rows = new ArrayList<>();
    private long offered;

    Best(int most) {
        this.most = most;
    }

    void offer(Row row) {
        offered++;
        rows.add(row);
        if (rows.size() >= 2 * most) {
            cut();
        }
    }

    private void cut() {
        rows.sort(Row.ORDER);
        if (rows.size() > most) {
            rows.subList(most, rows.size()).clear();
        }
    }

    List<Row> rows() {
        cut();
        return List.copyOf(rows);
    }

    long offered() {
        return offered;
    }
}
