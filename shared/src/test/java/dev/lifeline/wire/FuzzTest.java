package dev.lifeline.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * Streams grown from the scenario files by mutation: held against the plain reading, cut at random, and against tight
 * bounds. Bounded and the same every time in a build; for longer, elsewhere, or again:
 *
 * <pre>
 *   mvn -pl shared test -Dtest=FuzzTest -Dlifeline.fuzz.seconds=600 -Dlifeline.seed=42
 * </pre>
 *
 * <p>A failure names its seed; {@code -Dlifeline.seed} with that number fails in the first round.
 */
class FuzzTest {

    private static final int ROUNDS = 5_000;
    private static final int LONGEST_PARENT = 8 << 10;
    private static final Bounds TIGHT = new Bounds(32, 8, 16);
    private static final List<byte[]> CORPUS = ScenarioReader.all().stream()
            .flatMap(scenario -> scenario.streams().stream())
            .map(Scenario.Stream::bytes)
            .filter(bytes -> bytes.length <= LONGEST_PARENT)
            .toList();

    @Test
    void noOffspringOfTheScenariosIsMisread() {
        long nanos = TimeUnit.SECONDS.toNanos(Long.getLong("lifeline.fuzz.seconds", 0));
        long start = System.nanoTime();
        long first = Seeds.rounds(1).findFirst().orElseThrow();
        long round = 0;
        while (nanos == 0 ? round < ROUNDS : System.nanoTime() - start < nanos) {
            judge(first + round);
            round++;
        }
        System.out.printf("fuzzed %d streams from seed %d%n", round, first);
    }

    private static void judge(long seed) {
        Random random = Seeds.random(seed);
        byte[] stream = offspring(random);
        int[] cuts = Listener.cuts(random, stream.length);
        try {
            Listener listener = new Listener(Bounds.DEFAULT);
            listener.feed(stream, cuts);
            assertThat(listener.withoutRemarks()).isEqualTo(PlainReading.read(stream));

            assertThat(Listener.hear(TIGHT, stream, cuts)).isEqualTo(Listener.hear(TIGHT, stream));
            List<Fact> untilRefused = untilRefused(stream);
            assertThat(listener.withoutRemarks().subList(0, untilRefused.size()))
                    .isEqualTo(untilRefused);
        } catch (AssertionError | RuntimeException failure) {
            throw new AssertionError("seed " + seed, failure);
        }
    }

    /** What tight bounds let through: a beginning of what is told without them. */
    private static List<Fact> untilRefused(byte[] stream) {
        Listener bounded = new Listener(TIGHT);
        bounded.feed(stream);
        return bounded.withoutRemarks().stream()
                .takeWhile(fact -> !(fact instanceof Fact.Refused))
                .toList();
    }

    private static byte[] offspring(Random random) {
        byte[] stream = parent(random);
        for (int i = random.nextInt(6); i >= 0; i--) {
            stream = mutated(random, stream);
        }
        return stream;
    }

    private static byte[] mutated(Random random, byte[] stream) {
        int from = random.nextInt(stream.length + 1);
        int to = Math.min(stream.length, from + random.nextInt(12));
        return switch (random.nextInt(5)) {
            case 0 -> joined(stream, from, Mess.piece(random), from);
            case 1 -> joined(stream, from, Mess.piece(random), to);
            case 2 -> joined(stream, from, new byte[0], to);
            case 3 -> joined(stream, to, new byte[0], from);
            default -> joined(stream, from, parent(random), to);
        };
    }

    /** The stream up to a place, an insertion, and the stream from another place on: which may lie before the first. */
    private static byte[] joined(byte[] stream, int end, byte[] insertion, int restart) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(stream, 0, end);
        out.writeBytes(insertion);
        out.write(stream, restart, stream.length - restart);
        return out.toByteArray();
    }

    private static byte[] parent(Random random) {
        return CORPUS.get(random.nextInt(CORPUS.size()));
    }
}
