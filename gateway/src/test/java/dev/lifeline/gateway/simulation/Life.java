package dev.lifeline.gateway.simulation;

/** What things happen to: one life of a node, which ends, or stands still for a while and then does all at once. */
final class Life {

    /** For what is no node. */
    static final Life ETERNAL = new Life();

    private boolean ended;
    private long frozenUntil;

    boolean ended() {
        return ended;
    }

    long frozenUntil() {
        return frozenUntil;
    }

    void end() {
        ended = true;
    }

    void freezeUntil(long time) {
        frozenUntil = time;
    }
}
