package dev.lifeline.gateway.migration;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import dev.lifeline.gateway.migration.Finding.Edit;
import dev.lifeline.gateway.migration.Finding.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A client's configuration and its Streamable version. Only the values that have to be others are others in it: order,
 * spacing, comments and what nobody here knows stay as they were, so that converting twice is converting once.
 *
 * @param text the Streamable version
 */
public record Conversion(ClientStyle style, List<Finding> findings, String text) {

    private static final String BYTE_ORDER_MARK = "\ufeff";

    /** Deeper, servers of no known client stand; beneath are values of other kinds. */
    private static final int DEEPEST = 4;

    /**
     * Converts a configuration; what is none is an {@link UnreadableConfiguration}.
     *
     * @param file what it is called, which may say whose it is
     * @param asked whose it is, if somebody says so
     * @param gateway the URL all servers to be changed begin with, or empty for every server
     */
    public static Conversion of(String file, String text, Optional<ClientStyle> asked, Optional<String> gateway) {
        String mark = text.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK : "";
        String json = text.substring(mark.length());
        JsonNode root = JsonNode.read(json);
        ClientStyle style = asked.orElseGet(() -> ClientStyle.of(file, root));
        List<JsonNode> sections = new ArrayList<>();
        collect(root, "", 0, sections);
        if (sections.isEmpty()) {
            throw new UnreadableConfiguration("there are no servers in it: neither \"mcpServers\" nor \"servers\"");
        }
        ServerEntries entries = new ServerEntries(style, gateway);
        List<Finding> findings = new ArrayList<>();
        sections.forEach(
                section -> section.members().forEach((name, server) -> findings.add(entries.look(name, server))));
        return new Conversion(style, List.copyOf(findings), mark + edited(json, findings));
    }

    /** Servers stand under {@code mcpServers} anywhere, and under {@code servers} at the top or in {@code mcp}. */
    private static void collect(JsonNode node, String within, int depth, List<JsonNode> sections) {
        if (depth > DEEPEST) {
            return;
        }
        node.members().forEach((name, member) -> {
            boolean top = depth == 0 || depth == 1 && within.equals("mcp");
            if (name.equals("mcpServers") || name.equals("servers") && top) {
                sections.add(member);
            } else {
                collect(member, name, depth + 1, sections);
            }
        });
    }

    /** From the end, so that what stands before keeps its place. */
    private static String edited(String text, List<Finding> findings) {
        StringBuilder edited = new StringBuilder(text);
        findings.stream()
                .flatMap(finding -> finding.edits().stream())
                .sorted(Comparator.comparingInt(Edit::from).reversed())
                .forEach(edit -> edited.replace(edit.from(), edit.to(), quoted(edit.after())));
        return edited.toString();
    }

    static String quoted(String text) {
        return '"' + String.valueOf(JsonStringEncoder.getInstance().quoteAsString(text)) + '"';
    }

    public boolean changes() {
        return findings.stream().anyMatch(finding -> finding.kind() == Kind.CHANGED);
    }

    /** Whether something in it needs a human. */
    public boolean isUnclear() {
        return findings.stream().anyMatch(finding -> finding.kind() == Kind.UNCLEAR);
    }
}
