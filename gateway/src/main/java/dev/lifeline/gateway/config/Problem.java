package dev.lifeline.gateway.config;

/**
 * One thing that is wrong with a configuration. Never holds a secret.
 *
 * @param where the flag, the variable or the line of the file to look at
 * @param what what stands there and what was expected
 */
public record Problem(String where, String what) {

    private static final int LONGEST_QUOTE = 80;

    /** A foreign text made fit for a line of a terminal or a log: short, and without control characters. */
    static String quote(String text) {
        String line = text.replaceAll("\\p{Cntrl}", "?");
        return "'" + (line.length() > LONGEST_QUOTE ? line.substring(0, LONGEST_QUOTE) + "..." : line) + "'";
    }

    @Override
    public String toString() {
        return where + ": " + what;
    }
}
