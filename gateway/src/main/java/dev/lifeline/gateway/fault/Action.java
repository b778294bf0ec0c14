package dev.lifeline.gateway.fault;

import java.io.IOException;
import java.io.UncheckedIOException;

/** What happens at a step. */
enum Action {
    /** As by {@code kill -9}: no hook runs, nothing is said to anybody. */
    KILL {
        @Override
        boolean happen() {
            Runtime.getRuntime().halt(KILLED);
            return true;
        }
    },
    /** The step fails. */
    EXCEPTION {
        @Override
        boolean happen() {
            return true;
        }
    },
    /**
     * The whole process stands still for two seconds, as in a long collection or on a machine that is short of CPU. To
     * keep one event loop waiting would be something else: the lease would be renewed meanwhile.
     */
    PAUSE {
        @Override
        boolean happen() {
            String self = Long.toString(ProcessHandle.current().pid());
            try {
                new ProcessBuilder("sh", "-c", "kill -STOP $0 && sleep 2; kill -CONT $0", self)
                        .start()
                        .waitFor();
            } catch (IOException e) {
                throw new UncheckedIOException("there is no shell to pause this process", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return false;
        }
    };

    private static final int KILLED = 137;

    /** Says whether the step is to fail. */
    abstract boolean happen();
}
