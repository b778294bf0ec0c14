package dev.lifeline.gateway.mcp;

import dev.lifeline.gateway.log.Log;
import dev.lifeline.gateway.rpc.MessageReader;
import dev.lifeline.gateway.session.Passage;
import dev.lifeline.gateway.session.Sessions;
import dev.lifeline.gateway.stream.Hub;
import java.util.Optional;
import java.util.function.Function;

/**
 * Whom the doors ask.
 *
 * @param passages the way for modern requests to an upstream, by its name, where there is one
 */
public record McpPorts(
        Sessions sessions, Hub hub, Log log, MessageReader reader, Function<String, Optional<Passage>> passages) {}
