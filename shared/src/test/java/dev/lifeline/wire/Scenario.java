package dev.lifeline.wire;

import java.util.List;

/**
 * One case of the conformance table, as {@link ScenarioReader} finds it in {@code src/test/resources/wire}.
 *
 * @param row its number in the table, or {@code own}
 * @param client what is left for an HTTP client to prove; empty where the parser proves it all
 */
record Scenario(String row, String name, Setting setting, List<Stream> streams, Outcome outcome, List<String> client) {

    /** What holds before the first byte. */
    record Setting(Bounds bounds, String resume) {}

    /** The bytes of one connection, and where the file cuts them. */
    record Stream(byte[] bytes, int[] cuts) {}

    /** What must be told, in order, and the last id at the end. */
    record Outcome(List<Fact> facts, String last) {

        boolean remarks() {
            return facts.stream().anyMatch(fact -> fact instanceof Fact.Remark);
        }

        boolean refused() {
            return facts.stream().anyMatch(fact -> fact instanceof Fact.Refused);
        }
    }

    boolean needsClient() {
        return !client.isEmpty();
    }

    boolean runsHere() {
        return !streams.isEmpty();
    }

    @Override
    public String toString() {
        return row + ": " + name;
    }
}
