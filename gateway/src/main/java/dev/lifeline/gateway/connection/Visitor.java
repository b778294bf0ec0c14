package dev.lifeline.gateway.connection;

import java.time.Instant;

/**
 * Who a connection is for.
 *
 * @param address the peer's address, without its port
 * @param principal the name it was authenticated under
 * @param expiry when its credential runs out, or null
 * @param release gives back its place among the connections that are allowed
 * @param client what the client says it is; shared by all who say the same. Null where nothing is known, or a session
 *     knows better
 */
public record Visitor(String address, String principal, Instant expiry, Runnable release, Client client) {

    public Visitor(String address, String principal, Instant expiry, Runnable release) {
        this(address, principal, expiry, release, null);
    }
}
