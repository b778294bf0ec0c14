package dev.lifeline.gateway.log;

import static dev.lifeline.gateway.redis.Facts.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeline.event.Cursor;
import dev.lifeline.event.Event;
import dev.lifeline.gateway.log.Gap.Reason;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** The laws of a {@link Log}, which each log keeps. What befalls a log's store is tested with that log. */
abstract class LogContract extends ClaimContract {

    @Test
    void numbersEventsFromOneWithoutAHole() {
        logKeeping(10);

        Appended first = append("a");
        Appended second = append("b", "c");

        assertThat(first.first().sequence()).isEqualTo(1);
        assertThat(second.cursors())
                .containsExactly(first.first().plus(1), first.first().plus(2));
    }

    @Test
    void readsWhatComesAfterAPosition() {
        logKeeping(10);
        Cursor a = append("a").first();
        append("b", "c");

        Page page = read(a);

        assertThat(page).isEqualTo(new Page(null, a, events("b", "c"), a.plus(2)));
        assertThat(page.end()).isEqualTo(page.tail());
    }

    @Test
    void readsNothingAtTheTailAndNothingOfAStreamThatNobodyWroteTo() {
        logKeeping(10);
        Cursor a = append("a").first();

        assertThat(read(a)).isEqualTo(new Page(null, a, List.of(), a));
        Page unwritten = get(log.read("another", null, MANY));
        assertThat(unwritten.events()).isEmpty();
        assertThat(unwritten.gap()).isNull();
        assertThat(unwritten.tail().sequence()).isZero();
    }

    @Test
    void goesOnWhereAReaderOfAnEmptyStreamStands() {
        logKeeping(10);
        Cursor origin = get(log.attach("s", null));

        append("a");

        assertThat(read(origin)).isEqualTo(new Page(null, origin, events("a"), origin.plus(1)));
    }

    @Test
    void keepsTheOrderOfOneCaller() {
        logKeeping(MANY);

        List<Future<Appended>> landed = IntStream.range(0, 500)
                .mapToObj(i -> log.append(new Append("s", events("e" + i), null, null)))
                .toList();
        get(Future.all(landed));

        assertThat(data(read(null)))
                .isEqualTo(IntStream.range(0, 500).mapToObj(i -> "e" + i).toList());
    }

    @Test
    void keepsStreamsApart() {
        logKeeping(10);
        get(log.append(new Append("one", events("a"), "k", null)));

        Appended other = get(log.append(new Append("another", events("b"), "k", null)));

        assertThat(other.repeated()).isFalse();
        assertThat(data(get(log.read("one", null, MANY)))).containsExactly("a");
        assertThat(data(get(log.read("another", null, MANY)))).containsExactly("b");
    }

    @Test
    void numbersContiguouslyUnderConcurrentWriters() {
        logKeeping(MANY);
        List<CompletableFuture<List<Long>>> writers = IntStream.range(0, 8)
                .mapToObj(writer -> CompletableFuture.supplyAsync(() -> appendRepeatedly(writer)))
                .toList();

        List<Long> all =
                writers.stream().flatMap(w -> w.join().stream()).sorted().toList();

        assertThat(all).isEqualTo(LongStream.rangeClosed(1, 8 * 50).boxed().toList());
        assertThat(read(null).events()).hasSize(8 * 50);
    }

    private List<Long> appendRepeatedly(int writer) {
        List<Long> sequences = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            sequences.add(append(writer + "/" + i).first().sequence());
        }
        assertThat(sequences).isSorted();
        return sequences;
    }

    @Test
    void keepsEveryCharacterAsItWas() {
        logKeeping(10);
        String planes = "\u0000\u0001\t\r\n\r\u007f\u0085\u00a0ÄßøŁ\u2028\u2029\ufeff\ufffd汉字👩‍👩‍👧\udbff\udfff";
        Event event = new Event("Ereignis ☃ {}", planes);

        get(log.append(new Append("s", List.of(event, Event.message("")), null, null)));

        assertThat(read(null).events()).containsExactly(event, Event.message(""));
    }

    @Test
    void keepsLargeEventsAndFillsAPageUpToAMebibyte() {
        logKeeping(10);
        String large = "x".repeat(256 * 1024);
        Cursor first = append(large, large, large, large, large, large).first();

        Page page = read(null);
        Page rest = read(page.end());

        assertThat(page.events()).hasSize(4).allMatch(event -> event.data().equals(large));
        assertThat(page.tail()).isEqualTo(first.plus(5));
        assertThat(rest.events()).hasSize(2);
    }

    @Test
    void givesAPageToAnEventThatIsLargerThanAPage() {
        logKeeping(10);
        String huge = "x".repeat(2 * 1024 * 1024);
        append(huge, "small");

        assertThat(data(read(null))).containsExactly(huge);
    }

    @Test
    void fillsAPageUpToItsLimitAndGoesOnFromThere() {
        logKeeping(MANY);
        IntStream.range(0, 30).forEach(i -> append("a" + i, "b" + i, "c" + i, "d" + i, "e" + i, "f" + i));

        List<Event> all = new ArrayList<>();
        Cursor at = null;
        Page page;
        do {
            page = get(log.read("s", at, 49));
            assertThat(page.gap()).isNull();
            assertThat(page.events()).hasSizeLessThanOrEqualTo(49);
            all.addAll(page.events());
            at = page.end();
        } while (at.isAfter(page.start()));

        assertThat(all).isEqualTo(read(null).events()).hasSize(180);
    }

    @Test
    void dropsTheOldestBeyondACountAndSaysSo() {
        logKeeping(3);
        Cursor a = append("a").first();
        append("b", "c", "d", "e");

        Page page = read(a);

        assertThat(page.gap()).isEqualTo(new Gap(a, a.plus(1), Reason.EVICTED));
        assertThat(page.start()).isEqualTo(a.plus(1));
        assertThat(data(page)).containsExactly("c", "d", "e");
    }

    @Test
    void givesNoVerdictToOneWhoMissedNothingOrNeverStoodAnywhere() {
        logKeeping(3);
        Cursor a = append("a").first();
        append("b", "c", "d", "e");

        assertThat(read(a.plus(1)).gap()).isNull();
        assertThat(data(read(a.plus(1)))).containsExactly("c", "d", "e");
        assertThat(read(null).gap()).isNull();
        assertThat(read(null).start()).isEqualTo(a.plus(1));
    }

    @Test
    void dropsTheOldestBeyondASize() {
        log = open(new Retention(MANY, 100, LONG, LONG, LONG));
        String thirty = "x".repeat(30 - Event.MESSAGE.length());

        Cursor a = append(thirty, thirty, thirty).first();
        assertThat(read(null).events()).hasSize(3);
        append(thirty);

        assertThat(read(a.plus(-1)).gap()).isEqualTo(new Gap(a.plus(-1), a, Reason.EVICTED));
        assertThat(read(null).events()).hasSize(3);
    }

    @Test
    void keepsNothingOfAnEventThatAloneExceedsTheSizeButCountsIt() {
        log = open(new Retention(MANY, 100, LONG, LONG, LONG));
        Cursor origin = get(log.attach("s", null));

        append("x".repeat(200));
        Page page = read(origin);

        assertThat(page.gap()).isEqualTo(new Gap(origin, origin.plus(1), Reason.EVICTED));
        assertThat(page.events()).isEmpty();
        assertThat(append("next").first()).isEqualTo(origin.plus(2));
    }

    @Test
    void dropsWhatIsTooOldAndGoesOnCounting() {
        log = open(new Retention(MANY, LARGE, SHORT, LONG, LONG));
        Cursor a = append("a", "b").first();

        after(SHORT, () -> assertThat(read(a).gap()).isEqualTo(new Gap(a, a.plus(1), Reason.EVICTED)));

        assertThat(read(a.plus(1))).isEqualTo(new Page(null, a.plus(1), List.of(), a.plus(1)));
        assertThat(append("c").first()).isEqualTo(a.plus(2));
    }

    @Test
    void landsARepetitionOnceAndSaysWhereItDid() {
        logKeeping(10);
        Appended once = appendUnder("k", "a", "b");
        append("c");

        Appended again = appendUnder("k", "a", "b");

        assertThat(once.repeated()).isFalse();
        assertThat(again.repeated()).isTrue();
        assertThat(again.cursors()).isEqualTo(once.cursors());
        assertThat(data(read(null))).containsExactly("a", "b", "c");
    }

    @Test
    void recognisesARepetitionOfWhatWasDroppedSince() {
        logKeeping(2);
        Appended once = appendUnder("k", "a");
        append("b", "c", "d");

        assertThat(appendUnder("k", "a").first()).isEqualTo(once.first());
        assertThat(data(read(null))).containsExactly("c", "d");
    }

    @Test
    void forgetsKeysAfterTheirTime() {
        log = open(new Retention(10, LARGE, LONG, LONG, SHORT));
        Appended once = appendUnder("k", "a");

        after(SHORT, () -> assertThat(appendUnder("k", "a").repeated()).isFalse());

        assertThat(read(null).tail()).isEqualTo(once.first().plus(1));
    }

    @Test
    void callsAPositionAheadOfTheTailUnknownAndBeginsAtTheOldest() {
        logKeeping(10);
        Cursor a = append("a", "b").first();

        Page page = read(a.plus(7));

        assertThat(page.gap()).isEqualTo(new Gap(a.plus(7), a.plus(-1), Reason.UNKNOWN));
        assertThat(data(page)).containsExactly("a", "b");
    }

    @Test
    void callsAPositionOfAnotherLifeALostEpochAndBeginsAtTheOldest() {
        logKeeping(10);
        Cursor a = append("a", "b").first();
        Cursor earlier = new Cursor(a.epoch() - 1, 1);
        Cursor later = new Cursor(a.epoch() + 1, 1);

        assertThat(read(earlier).gap()).isEqualTo(new Gap(earlier, a.plus(-1), Reason.EPOCH));
        assertThat(read(later).gap()).isEqualTo(new Gap(later, a.plus(-1), Reason.EPOCH));
        assertThat(data(read(earlier))).containsExactly("a", "b");
        assertThat(data(read(new Cursor(Long.MAX_VALUE, Long.MAX_VALUE - 1)))).containsExactly("a", "b");
    }

    @Test
    void tellsTheTailToWhoeverAttaches() {
        logKeeping(10);
        Cursor a = append("a", "b").first();

        assertThat(get(log.attach("s", null))).isEqualTo(a.plus(1));
        assertThat(get(log.attach("s", a))).isEqualTo(a.plus(1));
        assertThat(get(log.attach("s", a.plus(1)))).isEqualTo(a.plus(1));
    }

    @Test
    void tellsWhoeverAppendsWhichNodesHaveReaders() {
        logKeeping(10);
        assertThat(append("a").nodes()).isEmpty();

        get(log.attach("s", null));
        assertThat(append("b").nodes()).containsExactly(HERE);

        get(log.detach("s"));
        assertThat(append("c").nodes()).isEmpty();
    }

    @Test
    void beginsANewEpochWhenOneWhoAttachesRemembersMore() {
        logKeeping(10);
        Cursor a = append("a").first();
        Cursor remembered = a.plus(3);

        Cursor tail = get(log.attach("s", remembered));
        append("b");

        assertThat(tail.epoch()).isGreaterThan(a.epoch());
        assertThat(tail.sequence()).isZero();
        assertThat(read(remembered).gap()).isEqualTo(new Gap(remembered, tail, Reason.EPOCH));
        assertThat(data(read(remembered))).containsExactly("b");
    }

    @Test
    void beginsANewEpochWhenOneWhoAppendsRemembersMore() {
        logKeeping(10);
        Cursor a = append("a").first();

        Appended landed = get(log.append(new Append("s", events("b"), null, a.plus(1))));
        Appended next = get(log.append(new Append("s", events("c"), null, landed.first())));

        assertThat(landed.first().epoch()).isGreaterThan(a.epoch());
        assertThat(landed.first().sequence()).isEqualTo(1);
        assertThat(next.first()).isEqualTo(landed.first().plus(1));
    }

    @Test
    void beginsAnEpochAboveOneThatIsRememberedFromElsewhere() {
        logKeeping(10);
        Cursor a = append("a").first();
        Cursor future = new Cursor(a.epoch() + 10_000_000_000L, 4);

        assertThat(get(log.attach("s", future)).epoch()).isGreaterThan(future.epoch());
    }

    @Test
    void releasesWhatIsAcknowledged() {
        logKeeping(10);
        Cursor a = append("a", "b", "c").first();

        get(log.acknowledge("s", a.plus(1)));

        assertThat(data(read(null))).containsExactly("c");
        assertThat(read(a.plus(1)).gap()).isNull();
        assertThat(read(a).gap()).isEqualTo(new Gap(a, a.plus(1), Reason.EVICTED));
        get(log.acknowledge("s", a.plus(2)));
        assertThat(read(a.plus(2))).isEqualTo(new Page(null, a.plus(2), List.of(), a.plus(2)));
        assertThat(append("d").first()).isEqualTo(a.plus(3));
    }

    @Test
    void releasesNothingForAnAcknowledgementOfWhatNeverWas() {
        logKeeping(10);
        Cursor a = append("a", "b").first();

        get(log.acknowledge("s", a.plus(2)));
        get(log.acknowledge("s", new Cursor(a.epoch() + 1, 1)));
        get(log.acknowledge("s", new Cursor(a.epoch() - 1, 50)));
        get(log.acknowledge("s", new Cursor(Long.MAX_VALUE, Long.MAX_VALUE - 1)));
        get(log.acknowledge("nobody wrote to it", a));

        assertThat(data(read(null))).containsExactly("a", "b");
    }
}
