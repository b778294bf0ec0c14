package dev.lifeline.gateway.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A named command that is an MCP server on its standard streams, in words as the system wants them. */
record UpstreamCommand(String name, List<String> words) {

    private static final Pattern NAMED = Pattern.compile("(?:(" + Kinds.UPSTREAM_NAME + ")=)?(\\P{Cntrl}+)");

    /** A word: any run of quoted parts and of what is neither blank nor quote. */
    private static final Pattern WORD = Pattern.compile("(?:\"[^\"]*\"|'[^']*'|[^\\s\"'])+");

    private static final Pattern PART = Pattern.compile("\"([^\"]*)\"|'([^']*)'|([^\\s\"']+)");

    /** Reads {@code [name=]COMMAND}; a first word with {@code =} in it is a name written wrongly, and no program. */
    static Optional<UpstreamCommand> parse(String text) {
        Matcher matcher = NAMED.matcher(text);
        return matcher.matches()
                ? words(matcher.group(2))
                        .filter(words -> !words.isEmpty() && !words.get(0).isEmpty())
                        .filter(words -> !words.get(0).contains("="))
                        .map(words -> new UpstreamCommand(Kinds.nameOrDefault(matcher.group(1)), words))
                : Optional.empty();
    }

    /** Empty where a quote is never closed. */
    private static Optional<List<String>> words(String command) {
        List<String> words = new ArrayList<>();
        String rest = command.strip();
        while (!rest.isEmpty()) {
            Matcher word = WORD.matcher(rest);
            if (!word.lookingAt()) {
                return Optional.empty();
            }
            words.add(PART.matcher(word.group()).replaceAll(UpstreamCommand::unquoted));
            rest = rest.substring(word.end()).strip();
        }
        return Optional.of(List.copyOf(words));
    }

    private static String unquoted(MatchResult part) {
        String inside = part.group(1) != null ? part.group(1) : part.group(2) != null ? part.group(2) : part.group(3);
        return Matcher.quoteReplacement(inside);
    }
}
