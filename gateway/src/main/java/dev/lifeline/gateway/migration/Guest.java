package dev.lifeline.gateway.migration;

/**
 * One user of one door, as far as users are told apart.
 *
 * @param principal the name it was authenticated under
 * @param client what the client calls itself; {@link #UNNAMED} where it never said
 */
public record Guest(Transport transport, String principal, String client, String version) {

    /** What a client is called that does not introduce itself. */
    public static final String UNNAMED = "(unnamed)";

    /** Whom those are counted as for whom there was no room. */
    public static final String OTHERS = "(others)";

    /** Which of the two transports. */
    public enum Transport {
        LEGACY,
        STREAMABLE
    }

    Guest amongOthers() {
        return new Guest(transport, "", OTHERS, "");
    }
}
