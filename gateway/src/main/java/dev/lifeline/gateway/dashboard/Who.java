package dev.lifeline.gateway.dashboard;

import dev.lifeline.gateway.connection.Client;
import dev.lifeline.gateway.session.Part;
import dev.lifeline.gateway.session.Parts;
import dev.lifeline.gateway.session.Session;
import java.util.Locale;
import java.util.Optional;

/**
 * What a connection is, told by the stream it attends, and who is at its other end.
 *
 * @param client null where nobody said
 */
record Who(Kind kind, Client client) {

    /** The ways by which clients attend streams. */
    enum Kind {
        CHANNEL,
        /** A session's own stream, by the transport of 2024-11-05. */
        MCP_SSE,
        /** A session's own stream, by Streamable HTTP. */
        MCP_GET,
        /** What one POST brought about. */
        MCP_POST,
        /** This API's own. */
        API;

        String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Who attends a stream.
     *
     * @param stream null while nobody knows what it is to be
     * @param said what the client said with its request; what it said to a session counts more
     */
    static Who of(String stream, Client said, Parts sessions) {
        if (stream == null) {
            return new Who(Kind.MCP_GET, said);
        }
        String id = Shown.sessionOf(stream);
        if (id == null) {
            return new Who(stream.equals(Live.STREAM) ? Kind.API : Kind.CHANNEL, said);
        }
        Optional<Session> session = sessions.of(id).map(Part::session);
        Client introduced = session.map(Shown::client).orElse(said);
        if (stream.length() > Shown.SESSIONS.length() + id.length()) {
            return new Who(Kind.MCP_POST, introduced);
        }
        boolean legacy = session.map(it -> it.owner().transport())
                .filter(Session.Transport.LEGACY::equals)
                .isPresent();
        return new Who(legacy ? Kind.MCP_SSE : Kind.MCP_GET, introduced);
    }
}
