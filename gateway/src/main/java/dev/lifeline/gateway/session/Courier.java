package dev.lifeline.gateway.session;

import io.vertx.core.Future;
import java.util.Set;
import java.util.function.BiFunction;

/** Carries questions from node to node, for what only one of them can do. */
public interface Courier {

    /** For a node on its own. */
    Courier NOBODY = new Courier() {
        @Override
        public Future<String> ask(String node, String subject, String question) {
            return Future.failedFuture(new LinkFailure(Ending.NOT_SENT, "there is no other node"));
        }

        @Override
        public void answer(String subject, BiFunction<String, String, Future<String>> how) {}

        @Override
        public Set<String> alive() {
            return Set.of();
        }

        @Override
        public boolean isDead(String node) {
            return false;
        }

        @Override
        public Future<Boolean> isSilent(String node) {
            return Future.succeededFuture(true);
        }
    };

    /**
     * Asks another node. Fails with a {@link LinkFailure}: {@link Ending#NOT_SENT} when the node certainly did not hear,
     * {@link Ending#LOST} when it may have.
     */
    Future<String> ask(String node, String subject, String question);

    /** How this node answers; the function is given who asks, and the question. */
    void answer(String subject, BiFunction<String, String, Future<String>> how);

    /** The nodes that count as alive, this one included; empty while nobody can tell, and where it stands alone. */
    Set<String> alive();

    /**
     * Whether a node that somebody speaks of is certainly not alive. One that has just begun is not yet among the living
     * for everybody, and not dead either.
     */
    boolean isDead(String node);

    /**
     * Whether a node that did not answer has ceased to say that it is alive, though it need not count as dead yet. Takes a
     * moment where that is not clear at once.
     */
    Future<Boolean> isSilent(String node);
}
