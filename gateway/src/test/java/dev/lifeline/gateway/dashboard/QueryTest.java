package dev.lifeline.gateway.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeline.gateway.http.Problem;
import io.vertx.core.MultiMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What may be asked of a list. */
class QueryTest {

    private static Query query(String... parameters) {
        MultiMap map = MultiMap.caseInsensitiveMultiMap();
        for (int i = 0; i < parameters.length; i += 2) {
            map.add(parameters[i], parameters[i + 1]);
        }
        return Query.of(map, Set.of("q", "kind"));
    }

    private static String detail(String... parameters) {
        try {
            query(parameters);
            return "";
        } catch (Problem problem) {
            return problem.status() + " " + problem.detail();
        }
    }

    @Test
    void nothingAskedForIsTheBeginning() {
        assertThat(query()).isEqualTo(new Query(Map.of(), 0, 50));
        assertThat(query("q", "", "limit", "")).isEqualTo(new Query(Map.of(), 0, 50));
        assertThat(query("q", "x", "offset", "10000", "limit", "500").reach()).isEqualTo(10_500);
    }

    @Test
    void whatIsNotUnderstoodIsRefusedWithTheReason() {
        assertThat(detail("limit", "501")).isEqualTo("400 limit is a number from 1 to 500.");
        assertThat(detail("limit", "0")).startsWith("400 limit");
        assertThat(detail("offset", "-1")).isEqualTo("400 offset is a number from 0 to 10000.");
        assertThat(detail("offset", "99999999999")).startsWith("400 offset");
        assertThat(detail("colour", "red"))
                .isEqualTo("400 There is no parameter colour here: kind, q, offset and limit are.");
        assertThat(detail("q", "x".repeat(129))).isEqualTo("400 q has more than 128 characters.");
    }

    @Test
    void anotherNodeIsAskedForAllUpToTheEndOfThePage() {
        Query asked = Query.of(query("q", "x", "offset", "40", "limit", "20").wire());

        assertThat(asked).isEqualTo(new Query(Map.of("q", "x"), 0, 60));
        assertThat(Query.of("{\"filters\":{},\"most\":2000000000}").reach()).isEqualTo(10_500);
    }
}
