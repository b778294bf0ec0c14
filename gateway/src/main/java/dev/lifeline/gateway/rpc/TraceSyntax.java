package dev.lifeline.gateway.rpc;

import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a header of a trace may look like. A whole header is good or bad: half a {@code tracestate} would be a wrong one.
 * No pattern here can be made to try for long: each reads its text once.
 */
final class TraceSyntax {

    /** The first version is of this length; later ones may say more after another dash. */
    private static final int PARENT_LENGTH = 55;

    private static final int MOST_PARENT = 256;
    private static final int MOST_STATE = 1024;
    private static final int MOST_STATE_MEMBERS = 32;
    private static final int MOST_BAGGAGE = 8192;
    private static final int MOST_BAGGAGE_MEMBERS = 180;

    private static final Pattern PARENT =
            Pattern.compile("[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}(-[\\x21-\\x7e]*+)?");
    private static final String NO_TRACE = "0".repeat(32);
    private static final String NO_PARENT = "0".repeat(16);

    private static final Pattern STATE_MEMBER =
            Pattern.compile("[a-z0-9][a-z0-9_\\-*/@]{0,255}+=[\\x20-\\x2b\\x2d-\\x3c\\x3e-\\x7e]{1,256}+");

    private static final String TOKEN = "[!#$%&'*+\\-.^_`|~0-9A-Za-z]++";
    private static final String OCTETS = "[\\x21\\x23-\\x2b\\x2d-\\x3a\\x3c-\\x5b\\x5d-\\x7e]*+";
    private static final String PAIR = TOKEN + "[ \\t]*+=[ \\t]*+" + OCTETS;
    private static final Pattern BAGGAGE_MEMBER =
            Pattern.compile(PAIR + "[ \\t]*+(?:;[ \\t]*+" + TOKEN + "[ \\t]*+(?:=[ \\t]*+" + OCTETS + "[ \\t]*+)?+)*+");

    private TraceSyntax() {}

    static boolean isTraceparent(String value) {
        if (value.length() < PARENT_LENGTH
                || value.length() > MOST_PARENT
                || !PARENT.matcher(value).matches()) {
            return false;
        }
        boolean first = value.startsWith("00");
        return !value.startsWith("ff")
                && (!first || value.length() == PARENT_LENGTH)
                && !value.startsWith(NO_TRACE, 3)
                && !value.startsWith(NO_PARENT, 36);
    }

    static boolean isTracestate(String value) {
        if (value.length() > MOST_STATE) {
            return false;
        }
        Set<String> keys = new HashSet<>();
        for (String part : value.split(",", -1)) {
            String member = part.strip();
            boolean good = member.isEmpty()
                    || STATE_MEMBER.matcher(member).matches() && keys.add(member.substring(0, member.indexOf('=')));
            if (!good) {
                return false;
            }
        }
        return !keys.isEmpty() && keys.size() <= MOST_STATE_MEMBERS;
    }

    static boolean isBaggage(String value) {
        String[] members = value.split(",", -1);
        if (value.length() > MOST_BAGGAGE || members.length > MOST_BAGGAGE_MEMBERS) {
            return false;
        }
        for (String member : members) {
            if (!BAGGAGE_MEMBER.matcher(member.strip()).matches()) {
                return false;
            }
        }
        return true;
    }
}
