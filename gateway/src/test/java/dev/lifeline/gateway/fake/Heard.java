package dev.lifeline.gateway.fake;

/**
 * One thing a client was told, and when.
 *
 * @param id the id the stream stood at, where the thing carries one
 * @param type of an event
 * @param text data, comment, or wait in milliseconds
 * @param nanos the moment its last byte was read
 */
public record Heard(Kind kind, String id, String type, String text, long nanos) {

    /** What there is to hear. */
    public enum Kind {
        EVENT,
        POSITION,
        RETRY,
        COMMENT,
        /** The stream ended as its protocol has it. */
        END,
        /** The connection ended in the middle. */
        CUT
    }

    public boolean is(Kind wanted) {
        return kind == wanted;
    }

    /** Whether it is an event of this type. */
    public boolean isEvent(String wanted) {
        return kind == Kind.EVENT && type.equals(wanted);
    }
}
