package dev.lifeline.gateway.connection;

import java.time.Instant;

/**
 * Who a connection is for.
 *
 * @param address the peer's address, without its port
 * @param principal the name it was authenticated under
 * @param expiry when its credential runs out, or null
 * @param release gives back its place among the connections that are allowed
 */
public record Visitor(String address, String principal, Instant expiry, Runnable release) {}
