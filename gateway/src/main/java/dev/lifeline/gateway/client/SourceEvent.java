package dev.lifeline.gateway.client;

/**
 * An event as it came.
 *
 * @param id where a source that comes back goes on from: the last id the stream named, empty if it named none
 * @param named whether this very event named it
 */
public record SourceEvent(String id, boolean named, String type, String data) {}
