package dev.lifeline.wire;

/** One thing a parser tells, or the refusal it ends with. */
sealed interface Fact {

    /** An event was complete. */
    record Arrived(String id, String type, String data) implements Fact {}

    /** The last id moved without an event. */
    record Moved(String lastEventId) implements Fact {}

    /** The server asked for another wait. */
    record Wait(long millis) implements Fact {}

    /** A comment ended. */
    record Remark(String beginning) implements Fact {}

    /** A bound was passed. */
    record Refused(String bound) implements Fact {}
}
