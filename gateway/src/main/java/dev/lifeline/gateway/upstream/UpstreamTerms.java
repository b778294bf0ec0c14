package dev.lifeline.gateway.upstream;

import dev.lifeline.gateway.rpc.MessageReader;

/**
 * What holds for an upstream whatever its transport.
 *
 * @param reader reads what it says
 * @param retries when lost connections are made again
 */
public record UpstreamTerms(MessageReader reader, Waits waits, Room room, Retries retries, UpstreamMetrics metrics) {}
