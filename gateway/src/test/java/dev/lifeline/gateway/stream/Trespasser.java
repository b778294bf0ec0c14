package dev.lifeline.gateway.stream;

import dev.lifeline.gateway.connection.Connection;

/** Breaks two rules of the architecture on purpose: it looks upwards, and it sleeps. Nobody runs it. */
public final class Trespasser {

    private Trespasser() {}

    static boolean watch(Connection connection) throws InterruptedException {
        Thread.sleep(1);
        return connection.isOpen();
    }
}
