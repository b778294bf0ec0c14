package dev.lifeline.gateway.mcp;

import dev.lifeline.gateway.rpc.Details;
import dev.lifeline.gateway.rpc.Message;
import dev.lifeline.gateway.session.Session;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/** Is told who uses which door. Called on event loops, with every accepted POST: it must not wait. */
public interface GuestBook {

    void met(Line line);

    /**
     * Who came.
     *
     * @param client what it calls itself, shortened and printable; empty where it never said
     * @param revision what it asks for or speaks, or empty
     * @param introduced whether it said so just now
     */
    record Line(boolean legacy, String principal, String client, String version, String revision, boolean introduced) {

        /** Names are the clients' own words: so long are they. */
        private static final int LONGEST = 64;

        /** What the gateway calls itself to upstreams. */
        private static final String OURS = "lifeline";

        private static final Pattern CONTROL = Pattern.compile("\\p{IsControl}");

        public Line {
            principal = shown(principal);
            client = shown(client);
            version = shown(version);
            revision = Revision.isDate(revision) ? revision : "";
        }

        private static String shown(String text) {
            String given = Objects.requireNonNullElse(text, "").strip();
            String brief = given.length() > LONGEST ? given.substring(0, LONGEST) : given;
            // Nearly always it is as it should be, and with each request it is asked.
            return brief.chars().noneMatch(Character::isISOControl)
                    ? brief
                    : CONTROL.matcher(brief).replaceAll("?");
        }

        /**
         * By what it sends, if it introduces itself, and else by how its session was opened; nobody where that is not known
         * yet, or never will be.
         */
        static Optional<Line> of(boolean legacy, Session session, List<Message> messages) {
            String principal = session.owner().principal();
            return messages.stream()
                    .filter(message -> message.isRequest() && StreamablePost.INITIALIZE.equals(message.method()))
                    .findFirst()
                    .map(initialize -> introducing(legacy, principal, initialize))
                    .or(() -> remembered(legacy, principal, session.opening()));
        }

        private static Optional<Line> remembered(boolean legacy, String principal, Session.Opening opening) {
            if (opening.initialize() == null) {
                return Optional.empty();
            }
            // What the gateway said for a client that said nothing is no word of the client's.
            return Optional.of(
                    OURS.equals(opening.clientName())
                            ? unnamed(legacy, principal)
                            : new Line(
                                    legacy,
                                    principal,
                                    opening.clientName(),
                                    opening.clientVersion(),
                                    opening.revision(),
                                    false));
        }

        static Line unnamed(boolean legacy, String principal) {
            return new Line(legacy, principal, null, null, null, false);
        }

        static Line introducing(boolean legacy, String principal, Message initialize) {
            Details details = initialize.details();
            Details.Client client = details.client();
            return new Line(
                    legacy,
                    principal,
                    client == null ? null : client.name(),
                    client == null ? null : client.version(),
                    details.protocolVersion(),
                    true);
        }
    }
}
