package dev.lifeline.gateway.migration;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Whose configuration a file is: where its servers stand, and what it calls Streamable HTTP. */
public enum ClientStyle {
    CURSOR("cursor", "http"),
    CLAUDE_DESKTOP("claude-desktop", "http"),
    CLAUDE_CODE("claude-code", "http"),
    VSCODE("vscode", "http"),
    TOOLMAN("toolman", "http"),
    GENERIC("generic", "streamable-http");

    private final String label;
    private final String streamable;

    ClientStyle(String label, String streamable) {
        this.label = label;
        this.streamable = streamable;
    }

    public String label() {
        return label;
    }

    /** The word for Streamable HTTP in a server's {@code type} or {@code transport}. */
    String streamable() {
        return streamable;
    }

    public static Optional<ClientStyle> labelled(String label) {
        return Arrays.stream(values()).filter(it -> it.label.equals(label)).findFirst();
    }

    public static String labels() {
        return Arrays.stream(values()).map(ClientStyle::label).collect(Collectors.joining(", "));
    }

    /** By what a file is called, and else by how it looks. */
    static ClientStyle of(String file, JsonNode root) {
        String path = file.replace('\\', '/').toLowerCase(Locale.ROOT);
        String name = path.substring(path.lastIndexOf('/') + 1);
        return switch (name) {
            case "claude_desktop_config.json" -> CLAUDE_DESKTOP;
            case ".mcp.json", ".claude.json" -> CLAUDE_CODE;
            case "servers-config.json", "mcp-servers.json" -> TOOLMAN;
            case "settings.json" -> VSCODE;
            default -> path.contains(".cursor/") ? CURSOR : path.contains(".vscode/") ? VSCODE : byShape(root);
        };
    }

    private static ClientStyle byShape(JsonNode root) {
        Optional<JsonNode> servers = root.member("servers");
        if (servers.isEmpty()) {
            return GENERIC;
        }
        boolean toolman = servers.get().members().values().stream()
                .anyMatch(server -> server.member("transport").isPresent());
        return toolman ? TOOLMAN : VSCODE;
    }
}
