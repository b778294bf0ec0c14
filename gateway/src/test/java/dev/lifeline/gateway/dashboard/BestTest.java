package dev.lifeline.gateway.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The first rows of many. */
class BestTest {

    private static Row row(long key, String tie) {
        return new Row(key, tie, new JsonObject().put("tie", tie));
    }

    @Test
    void theFirstOfManyAreWhatSortingAllWouldGive() {
        Random random = new Random(7);
        List<Row> all = IntStream.range(0, 5000)
                .mapToObj(i -> row(random.nextInt(40), Integer.toString(i)))
                .toList();
        Best best = new Best(33);

        all.forEach(best::offer);

        assertThat(best.rows())
                .isEqualTo(all.stream()
                        .sorted(Comparator.comparingLong(Row::key).reversed().thenComparing(Row::tie))
                        .limit(33)
                        .toList());
        assertThat(best.offered()).isEqualTo(5000);
    }

    @Test
    void whatWasFoundGetsToTheOtherNodeAsItIs() {
        Found found = new Found(9, 2, List.of(row(Long.MAX_VALUE, "a"), row(-1, "b")));

        assertThat(Found.of(found.wire())).isEqualTo(found);
    }
}
