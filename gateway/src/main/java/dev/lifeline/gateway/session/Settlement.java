package dev.lifeline.gateway.session;

import dev.lifeline.gateway.rpc.Message;
import java.time.Duration;
import java.util.Set;

/**
 * What becomes of an exchange whose way to its answer broke: law 8 as a table. A request that may have been carried out
 * is asked again only if that does no harm; one that certainly was not is asked again while there is patience.
 *
 * @param patience how long a request waits for an upstream that has not got it
 * @param mostTries how often a request may end in one way before that is its outcome
 */
record Settlement(Duration patience, int mostTries) {

    /** What to do. */
    enum Verdict {
        /** Ask again, in a new conversation: the upstream forgot the old one. */
        RENEW,
        /** Ask again after a pause. */
        LATER,
        /** Tell the client that it was not carried out. */
        NOT_RUN,
        /** Tell the client that nobody knows. */
        MAY_HAVE_RUN
    }

    private static final Set<String> READS =
            Set.of("ping", "completion/complete", "prompts/get", "logging/setLevel", "resources/subscribe");

    /**
     * The verdict.
     *
     * @param repeatable whether carrying it out twice does no harm
     * @param times how often it has ended so
     * @param waited since it was accepted
     */
    Verdict after(Ending ending, boolean repeatable, int times, Duration waited) {
        return switch (ending) {
            case NOT_SENT -> waited.compareTo(patience) < 0 ? Verdict.LATER : Verdict.NOT_RUN;
            case FORGOTTEN -> times < mostTries ? Verdict.RENEW : Verdict.NOT_RUN;
            case REFUSED -> Verdict.NOT_RUN;
            case LOST, DONE -> repeatable && times < mostTries ? Verdict.LATER : Verdict.MAY_HAVE_RUN;
        };
    }

    /** Whether carrying a request out twice does no harm: it reads, or its tool said so of itself. */
    static boolean isRepeatable(Message request, Set<String> safeTools) {
        String method = request.method();
        return method.endsWith("/list")
                || method.endsWith("/read")
                || READS.contains(method)
                || method.equals("tools/call") && isSafe(request.details().name(), safeTools);
    }

    private static boolean isSafe(String tool, Set<String> safeTools) {
        return tool != null && safeTools.contains(tool);
    }
}
