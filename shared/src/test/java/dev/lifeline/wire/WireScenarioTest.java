package dev.lifeline.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The conformance table, row by row, from the data files: whatever the cuts, the same is told.
 *
 * <p>What the rows ask of an HTTP client is in the files too and is not proved here; {@link #exactlyTheseCasesNeedAClient}
 * says which those are.
 */
class WireScenarioTest {

    private static final int ROWS = 33;
    private static final int CUT_EVERYWHERE = 8 << 10;
    private static final int EDGE = 64;
    private static final int SOMEWHERE = 256;
    private static final long SEED = 20_261_121;

    private static final List<Scenario> ALL = ScenarioReader.all();

    private static final List<String> FOR_A_CLIENT = List.of(
            "4: the stream ends one LF early",
            "13: leading zeros are not octal",
            "13: a bogus one leaves the good one standing",
            "13: an empty one changes nothing",
            "15: an ellipsis",
            "16: two ids for four events",
            "16: reset by an empty id",
            "16: reset by a bare id",
            "19: another charset is announced",
            "19: an empty parameter",
            "19: another type",
            "19: no type at all",
            "20: status 204",
            "20: status 205",
            "20: status 210",
            "20: status 299",
            "20: status 404",
            "20: status 410",
            "20: status 503",
            "20: redirect 301",
            "20: redirect 302",
            "20: redirect 303",
            "20: redirect 307",
            "27: the first request",
            "27: a redirect 301",
            "27: a redirect 307",
            "27: a redirect to an empty place",
            "27: a redirect to nowhere",
            "27: 204 means stop",
            "28: the id is kept when later events have none",
            "28: an emptied id",
            "28: a cut event takes its id along");

    @ParameterizedTest
    @MethodSource("casesForAParser")
    void tellsWhatTheRowSaysCutAsWritten(Scenario scenario) {
        expect(scenario, "as written", 0, Scenario.Stream::cuts);
    }

    @ParameterizedTest
    @MethodSource("casesForAParser")
    void tellsTheSameOfTheWhole(Scenario scenario) {
        expect(scenario, "whole", 0, stream -> new int[0]);
    }

    @ParameterizedTest
    @MethodSource("casesForAParser")
    void tellsTheSameByteByByte(Scenario scenario) {
        expect(scenario, "byte by byte", 0, stream -> every(1, stream));
    }

    @ParameterizedTest
    @MethodSource("casesForAParser")
    void tellsTheSameInTwos(Scenario scenario) {
        expect(scenario, "in twos", 0, stream -> every(2, stream));
    }

    @ParameterizedTest
    @MethodSource("casesForAParser")
    void tellsTheSameCutAtAnyPoint(Scenario scenario) {
        for (int i = 0; i < scenario.streams().size(); i++) {
            Scenario.Stream cut = scenario.streams().get(i);
            for (int point : points(cut.bytes().length)) {
                expect(scenario, "stream " + i + " cut", point, s -> s == cut ? new int[] {point} : new int[0]);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("casesThatAreRefused")
    void takesNothingMoreOnceRefused(Scenario scenario) {
        Listener listener = new Listener(scenario.setting().bounds());
        scenario.streams().forEach(stream -> listener.feed(stream.bytes()));
        int told = listener.facts.size();

        listener.feed("\n\ndata: more\n\n".getBytes(UTF_8));

        assertThat(listener.facts).hasSize(told + 1).endsWith(listener.facts.get(told - 1));
    }

    @Test
    void everyRowOfTheTableHasAFile() {
        assertThat(ALL.stream()
                        .map(Scenario::row)
                        .filter(row -> !row.equals("own"))
                        .distinct())
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, ROWS).mapToObj(String::valueOf).toList());
    }

    @Test
    void everyCaseRunsHereOrNeedsAClientOrBoth() {
        assertThat(ALL).allMatch(scenario -> scenario.runsHere() || scenario.needsClient());
    }

    @Test
    void exactlyTheseCasesNeedAClient() {
        List<Scenario> forAClient = ALL.stream().filter(Scenario::needsClient).toList();

        System.out.println("Not proved here, these need an HTTP client:");
        forAClient.forEach(scenario -> System.out.println("  " + scenario + " " + scenario.client()));

        assertThat(forAClient).extracting(Scenario::toString).containsExactlyElementsOf(FOR_A_CLIENT);
        assertThat(forAClient).allMatch(scenario -> scenario.client().get(0).startsWith("client "));
        assertThat(forAClient).allMatch(scenario -> scenario.client().stream().anyMatch(s -> s.startsWith("then ")));
    }

    static Stream<Scenario> casesForAParser() {
        return ALL.stream().filter(Scenario::runsHere);
    }

    static Stream<Scenario> casesThatAreRefused() {
        return ALL.stream().filter(scenario -> scenario.outcome().refused());
    }

    private static void expect(Scenario scenario, String manner, int point, Cutter cutter) {
        Listener listener = new Listener(scenario.setting().bounds());
        listener.parser.reset(scenario.setting().resume());
        List<Fact> toldBeforeTheEnd = List.of();
        for (Scenario.Stream stream : scenario.streams()) {
            listener.feed(stream.bytes(), cutter.cuts(stream));
            toldBeforeTheEnd = List.copyOf(listener.facts);
            listener.parser.end();
        }

        boolean remarks = scenario.outcome().remarks();
        assertThat(remarks ? listener.facts : listener.withoutRemarks())
                .as("%s, %s %d, seed %d", scenario, manner, point, SEED)
                .isEqualTo(scenario.outcome().facts());
        assertThat(listener.parser.lastEventId())
                .as("%s, %s %d", scenario, manner, point)
                .isEqualTo(scenario.outcome().last());
        assertThat(listener.facts.size()).as("the end tells nothing").isEqualTo(toldBeforeTheEnd.size());
    }

    private static int[] every(int step, Scenario.Stream stream) {
        return IntStream.iterate(step, at -> at < stream.bytes().length, at -> at + step)
                .toArray();
    }

    private static int[] points(int length) {
        if (length <= CUT_EVERYWHERE) {
            return IntStream.rangeClosed(0, length).toArray();
        }
        IntStream edges = IntStream.rangeClosed(0, EDGE).flatMap(i -> IntStream.of(i, length - i));
        return IntStream.concat(edges, new Random(SEED).ints(SOMEWHERE, 0, length))
                .toArray();
    }

    /** Where to cut a stream. */
    private interface Cutter {
        int[] cuts(Scenario.Stream stream);
    }
}
