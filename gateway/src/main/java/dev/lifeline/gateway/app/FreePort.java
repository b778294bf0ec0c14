package dev.lifeline.gateway.app;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/** Finds a port that nobody listens on, where the configuration leaves the choice to us. */
final class FreePort {

    private FreePort() {}

    /** The wanted port, or a free one in place of 0. Somebody may take it before we do; then binding fails aloud. */
    static int orWanted(String host, int wanted) {
        if (wanted != 0) {
            return wanted;
        }
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(host))) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException("no free port on " + host, e);
        }
    }
}
