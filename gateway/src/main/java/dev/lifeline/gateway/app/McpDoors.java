package dev.lifeline.gateway.app;

import dev.lifeline.gateway.config.GatewayConfig;
import dev.lifeline.gateway.mcp.McpPorts;
import dev.lifeline.gateway.mcp.McpSettings;
import dev.lifeline.gateway.session.Upstream;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Optional;

/** What the MCP doors go by, as the configuration has it. */
final class McpDoors {

    private static final Duration WARN_EVERY = Duration.ofHours(1);

    private McpDoors() {}

    static McpPorts ports(Node node) {
        return new McpPorts(
                node.mcp().sessions(),
                node.hub(),
                node.log(),
                node.mcp().reader(),
                name -> Optional.ofNullable(node.mcp().upstreams().get(name)).flatMap(Upstream::passage));
    }

    static McpSettings settings(GatewayConfig config) {
        GatewayConfig.Mcp mcp = config.mcp();
        McpSettings.Replies replies = new McpSettings.Replies(
                mcp.answers().jsonWindow(),
                mcp.answers().streamMax().orElse(Duration.ZERO),
                McpSettings.Replies.DEFAULT.longestWait(),
                config.streams().heartbeatInterval());
        return new McpSettings(
                mcp.externalPrefix(),
                true,
                mcp.quiet().clients(),
                replies,
                mcp.legacy().served(),
                deprecation(mcp.legacy()));
    }

    private static McpSettings.Deprecation deprecation(GatewayConfig.Legacy legacy) {
        Optional<String> successor = legacy.successor().map(URI::toString);
        if (!legacy.deprecated()) {
            return new McpSettings.Deprecation(false, Optional.empty(), successor, Duration.ZERO);
        }
        return new McpSettings.Deprecation(true, legacy.sunset().map(McpDoors::beginning), successor, WARN_EVERY);
    }

    private static Instant beginning(LocalDate day) {
        return day.atStartOfDay(ZoneOffset.UTC).toInstant();
    }
}
