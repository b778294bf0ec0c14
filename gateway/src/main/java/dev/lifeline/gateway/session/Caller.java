package dev.lifeline.gateway.session;

/** Who speaks of a session, and through which upstream's doors: both must be the session's own, or there is none. */
public record Caller(String principal, String upstream) {}
