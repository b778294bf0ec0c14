package dev.lifeline.gateway.upstream;

import java.util.ArrayList;
import java.util.List;

/**
 * Splits a command line into words as a shell does: at blanks, but for what is quoted by {@code '} or {@code "}; a
 * backslash takes the next character as it is, but not within {@code '}. Nothing is expanded.
 */
final class CommandLine {

    private final String line;
    private final List<String> words = new ArrayList<>();
    private final StringBuilder word = new StringBuilder();
    private boolean begun;
    private int at;

    private CommandLine(String line) {
        this.line = line;
    }

    /** The words; there is at least one, and no quote is left open. */
    static List<String> split(String line) {
        CommandLine reading = new CommandLine(line);
        while (reading.at < line.length()) {
            reading.step(line.charAt(reading.at++));
        }
        reading.endWord();
        if (reading.words.isEmpty()) {
            throw new IllegalArgumentException("there is no command");
        }
        return reading.words;
    }

    private void step(char c) {
        if (Character.isWhitespace(c)) {
            endWord();
        } else if (c == '\'' || c == '"') {
            begun = true;
            quoted(c);
        } else {
            begun = true;
            word.append(c == '\\' ? next() : c);
        }
    }

    private void quoted(char quote) {
        for (char c = next(); c != quote; c = next()) {
            word.append(c == '\\' && quote == '"' ? escaped() : String.valueOf(c));
        }
    }

    /** Within double quotes a backslash that protects nothing is itself. */
    private String escaped() {
        char c = next();
        return c == '"' || c == '\\' ? String.valueOf(c) : "\\" + c;
    }

    private char next() {
        if (at == line.length()) {
            throw new IllegalArgumentException("the command ends within a quotation, or with a backslash");
        }
        return line.charAt(at++);
    }

    private void endWord() {
        if (begun) {
            words.add(word.toString());
            word.setLength(0);
            begun = false;
        }
    }
}
