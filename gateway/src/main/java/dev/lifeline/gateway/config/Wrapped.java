package dev.lifeline.gateway.config;

/** Breaks a sentence into lines that fit a terminal. */
final class Wrapped {

    private static final int WIDTH = 100;

    private Wrapped() {}

    /** Lines that all begin with the prefix, the last one ended as well. */
    static String text(String sentence, String prefix) {
        StringBuilder lines = new StringBuilder();
        StringBuilder line = new StringBuilder(prefix);
        for (String word : sentence.split(" ")) {
            if (line.length() + word.length() >= WIDTH) {
                lines.append(line).append('\n');
                line = new StringBuilder(prefix);
            }
            line.append(line.length() > prefix.length() ? " " : "").append(word);
        }
        return lines.append(line).append('\n').toString();
    }
}
