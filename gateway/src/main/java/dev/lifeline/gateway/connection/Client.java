package dev.lifeline.gateway.connection;

/**
 * What a client says it is.
 *
 * @param version as it says, or null
 */
public record Client(String name, String version) {}
