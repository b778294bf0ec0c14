package dev.lifeline.gateway.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which headers of a trace are passed on, by the rules of W3C Trace Context and Baggage. */
class TraceContextTest {

    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String GOOD = "00-" + TRACE + "-00f067aa0ba902b7-01";

    private static TraceContext read(String parent, String state, String baggage) {
        return read(Map.of(
                "traceparent", list(parent),
                "tracestate", list(state),
                "baggage", list(baggage)));
    }

    private static List<String> list(String value) {
        return value == null ? List.of() : List.of(value);
    }

    private static TraceContext read(Map<String, List<String>> headers) {
        return TraceContext.of("r", name -> headers.getOrDefault(name, List.of()));
    }

    @Test
    void whatIsWellFormedIsPassedOnAsItCame() {
        TraceContext trace = read(GOOD, "congo=t61rcWkgMzE,rojo@x=00f0", "userId=alice;prop=1, region = eu-1");

        assertThat(trace)
                .isEqualTo(new TraceContext(
                        "r", GOOD, "congo=t61rcWkgMzE,rojo@x=00f0", "userId=alice;prop=1, region = eu-1"));
        assertThat(TraceContext.traceId(List.of(GOOD))).isEqualTo(TRACE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "cc-" + TRACE + "-00f067aa0ba902b7-01",
                "cc-" + TRACE + "-00f067aa0ba902b7-01-what-the-future-will-say"
            })
    void laterVersionsAreUnderstoodAsFarAsTheFirst(String later) {
        assertThat(read(later, null, null).traceparent()).isEqualTo(later);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "00",
                "ff-" + TRACE + "-00f067aa0ba902b7-01",
                "00-" + TRACE + "-00f067aa0ba902b7-01-more",
                "00-" + TRACE + "-00f067aa0ba902b7-01-",
                "cc-" + TRACE + "-00f067aa0ba902b7-01.more",
                "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
                "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
                "00-" + TRACE + "-0000000000000000-01",
                "00-" + TRACE + "-00f067aa0ba902b7-0g",
                "00_" + TRACE + "_00f067aa0ba902b7_01"
            })
    void aTraceparentThatIsNoneIsDroppedAndTakesTheStateWithIt(String bad) {
        TraceContext trace = read(bad, "congo=1", "a=b");

        assertThat(trace.traceparent()).isNull();
        assertThat(trace.tracestate()).isNull();
        assertThat(trace.baggage()).isEqualTo("a=b");
        assertThat(TraceContext.traceId(List.of(bad))).isNull();
    }

    @Test
    void twoTraceparentsAreNone() {
        assertThat(read(Map.of("traceparent", List.of(GOOD, GOOD))).traceparent())
                .isNull();
    }

    @Test
    void severalHeadersOfTheOthersAreOneList() {
        TraceContext trace = read(Map.of(
                "traceparent", List.of(GOOD), "tracestate", List.of("a=1", "b=2"), "baggage", List.of("c=3", "d=4")));

        assertThat(trace.tracestate()).isEqualTo("a=1,b=2");
        assertThat(trace.baggage()).isEqualTo("c=3,d=4");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ",", "a", "=b", "A=1", "a=1,a=2", "a=1;b", "a=b=c", "a=\u00e4"})
    void aBadTracestateIsDroppedWhole(String bad) {
        TraceContext trace = read(GOOD, bad.equals("a=1;b") ? "a=1,\tb" : bad, null);

        assertThat(trace.traceparent()).isEqualTo(GOOD);
        assertThat(trace.tracestate()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "a=b,", "a=b c", "a=\"b\"", "a=b;;", "a=\u00e4", "a b=c", "a=b;c=\\"})
    void badBaggageIsDroppedWhole(String bad) {
        assertThat(read(GOOD, null, bad).baggage()).isNull();
    }

    @Test
    void whatIsTooMuchIsDropped() {
        assertThat(read(GOOD, many(33), null).tracestate()).isNull();
        assertThat(read(GOOD, many(32), null).tracestate()).isNotNull();
        assertThat(read(GOOD, "a=" + "b".repeat(257), null).tracestate()).isNull();
        assertThat(read(null, null, many(181)).baggage()).isNull();
        assertThat(read(null, null, "a=" + "b".repeat(9000)).baggage()).isNull();
        assertThat(read(null, null, "a=" + "b".repeat(8000)).baggage()).isNotNull();
    }

    private static String many(int members) {
        return IntStream.range(0, members).mapToObj(i -> "k" + i + "=v").collect(Collectors.joining(","));
    }

    @Test
    void nothingMakesItTryForLong() {
        String mean = "a=b;" + "c;".repeat(2000) + "\"" + " ".repeat(3000);

        Assertions.assertTimeoutPreemptively(
                Duration.ofSeconds(2),
                () -> assertThatCode(() -> read(GOOD, mean, mean)).doesNotThrowAnyException());
    }

    @Test
    void onlyWhatIsThereIsSaid() {
        StringBuilder said = new StringBuilder();

        read(GOOD, null, null)
                .forEach((name, value) -> said.append(name).append('=').append(value));
        TraceContext.NONE.forEach((name, value) -> said.append("nothing"));

        assertThat(said).hasToString("traceparent=" + GOOD);
    }
}
