package dev.lifeline.wire;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A parser and all that it told, in order. Feeds in chunks that are ranges of one array, so that cutting copies nothing. */
final class Listener implements SseParser.Sink {

    final List<Fact> facts = new ArrayList<>();
    final SseParser parser;

    Listener(Bounds bounds) {
        parser = new SseParser(bounds, this);
    }

    /** All that is told of one stream cut at these positions. */
    static List<Fact> hear(Bounds bounds, byte[] stream, int... cuts) {
        Listener listener = new Listener(bounds);
        listener.feed(stream, cuts);
        listener.parser.end();
        return listener.facts;
    }

    /** Some ascending positions within so many bytes; the same one twice makes an empty chunk. */
    static int[] cuts(Random random, int length) {
        return random.ints(random.nextInt(8), 0, length + 1).sorted().toArray();
    }

    void feed(byte[] stream, int... cuts) {
        try {
            int from = 0;
            for (int cut : cuts) {
                parser.feed(stream, from, cut - from);
                from = cut;
            }
            parser.feed(stream, from, stream.length - from);
        } catch (SseLimitException refusal) {
            facts.add(new Fact.Refused(refusal.bound()));
        }
    }

    List<Fact> withoutRemarks() {
        return facts.stream().filter(fact -> !(fact instanceof Fact.Remark)).toList();
    }

    @Override
    public void event(String id, String type, String data) {
        facts.add(new Fact.Arrived(id, type, data));
    }

    @Override
    public void position(String lastEventId) {
        facts.add(new Fact.Moved(lastEventId));
    }

    @Override
    public void retry(long millis) {
        facts.add(new Fact.Wait(millis));
    }

    @Override
    public void comment(String beginning) {
        facts.add(new Fact.Remark(beginning));
    }
}
