package dev.lifeline.gateway.simulation;

/** Something happened that must not. */
final class Violation extends AssertionError {
    private static final long serialVersionUID = 1;

    Violation(String what) {
        super(what);
    }
}
