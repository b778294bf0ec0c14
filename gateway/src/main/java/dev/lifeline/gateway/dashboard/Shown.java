package dev.lifeline.gateway.dashboard;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.lifeline.gateway.connection.Client;
import dev.lifeline.gateway.session.Session;
import io.vertx.core.json.JsonObject;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;

/** How things are shown that must not be shown as they are: a session's id lets whoever has it into the session. */
final class Shown {

    static final String SESSIONS = "mcp:";

    private static final int HASH_BYTES = 5;
    private static final int LONGEST = 64;

    private Shown() {}

    static String time(Instant at) {
        return at.truncatedTo(ChronoUnit.MILLIS).toString();
    }

    /** A part of one, to the thousandth. */
    static double share(double part) {
        return Math.round(part * 1000) / 1000.0;
    }

    /** A session's id as ten hexadecimal digits that tell one from another and nothing else. */
    static String session(String id) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(id.getBytes(UTF_8));
            return HexFormat.of().formatHex(digest, 0, HASH_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** A stream's name, with the hash of the session it belongs to in the place of the id. */
    static String stream(String name) {
        String id = sessionOf(name);
        return id == null ? name : SESSIONS + session(id) + name.substring(SESSIONS.length() + id.length());
    }

    /** The id of the session a stream belongs to, or null. */
    static String sessionOf(String stream) {
        if (!stream.startsWith(SESSIONS)) {
            return null;
        }
        int end = stream.indexOf(':', SESSIONS.length());
        return stream.substring(SESSIONS.length(), end < 0 ? stream.length() : end);
    }

    /** Who introduced itself to a session, or null. */
    static Client client(Session session) {
        String name = session.opening().clientName();
        return name == null ? null : new Client(name, session.opening().clientVersion());
    }

    static JsonObject client(Client client) {
        return client == null
                ? null
                : new JsonObject().put("name", clean(client.name())).put("version", clean(client.version()));
    }

    /** Words of a client's own choice: short, and without what a terminal or a page would act upon. */
    static String clean(String text) {
        if (text == null) {
            return null;
        }
        String start = text.length() > LONGEST ? text.substring(0, LONGEST) : text;
        return start.replaceAll("[\\p{Cntrl}\\p{Cf}\\p{Cs}]", "");
    }
}
