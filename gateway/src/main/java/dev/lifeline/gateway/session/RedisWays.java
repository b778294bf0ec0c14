package dev.lifeline.gateway.session;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.lifeline.gateway.redis.RedisLink.Temper;
import dev.lifeline.gateway.redis.Script;
import dev.lifeline.gateway.session.Session.Owner;
import dev.lifeline.gateway.session.Session.Transport;
import io.vertx.core.Future;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * The ways to sessions in Redis for clients that do not say an id: where they came from, and what they repeat. Hints only,
 * in slots of their own, with lives of their own: whoever follows one looks at the session before he believes it.
 */
final class RedisWays {

    private static final Script ORIGIN_ADD = Script.of("session-origin.lua", "session-origin-add.lua");
    private static final Script ORIGIN_IDS = Script.of("session-origin.lua", "session-origin-ids.lua");
    private static final Script KEY_ADD = Script.of("session-key-add.lua");
    private static final Script KEY_ID = Script.of("session-key-id.lua");
    private static final Script KEY_DROP = Script.of("session-key-drop.lua");
    private static final Script DROP = Script.of("session-index-drop.lua");

    private static final int LIVES = 2;
    private static final int DIGEST_BYTES = 16;

    private final SessionScripts scripts;

    RedisWays(SessionScripts scripts) {
        this.scripts = scripts;
    }

    /** Keeps the ways to a session for two of its lives: they are renewed when one of them is over. */
    Future<Void> add(Session session, Duration life, boolean isNew) {
        String id = session.id();
        String millis = Long.toString(LIVES * life.toMillis());
        List<Future<?>> said = new ArrayList<>(2);
        if (hasOrigin(session)) {
            List<String> arguments = List.of(millis, Integer.toString(SessionStore.MOST_OF_ONE_ORIGIN), id);
            said.add(scripts.call(ORIGIN_ADD, origin(session.owner()), arguments, Temper.REPEATABLE));
        }
        if (session.owner().key() != null) {
            List<String> arguments = List.of(millis, id, isNew ? "1" : "0");
            said.add(scripts.call(KEY_ADD, key(session), arguments, Temper.REPEATABLE));
        }
        return all(said);
    }

    Future<Void> drop(Session session) {
        List<String> id = List.of(session.id());
        List<Future<?>> said = new ArrayList<>(2);
        if (hasOrigin(session)) {
            said.add(scripts.call(DROP, origin(session.owner()), id, Temper.REPEATABLE));
        }
        if (session.owner().key() != null) {
            said.add(scripts.call(KEY_DROP, key(session), id, Temper.REPEATABLE));
        }
        return all(said);
    }

    Future<List<String>> from(String principal, String origin) {
        return scripts.call(ORIGIN_IDS, named("from", principal, origin), List.of(), Temper.REPEATABLE)
                .map(SessionScripts::texts);
    }

    /** The id that goes by a key, or null. */
    Future<String> byKey(String principal, String upstream, String key) {
        return scripts.call(KEY_ID, named("key", principal, upstream, key), List.of(), Temper.REPEATABLE)
                .map(answer -> answer == null ? null : answer.toString());
    }

    private static Future<Void> all(List<Future<?>> said) {
        return said.isEmpty() ? Future.succeededFuture() : Future.all(said).mapEmpty();
    }

    private static boolean hasOrigin(Session session) {
        return session.owner().transport() == Transport.LEGACY
                && session.owner().origin() != null;
    }

    private List<String> origin(Owner owner) {
        return named("from", owner.principal(), owner.origin());
    }

    private List<String> key(Session session) {
        return named(
                "key",
                session.owner().principal(),
                session.upstream(),
                session.owner().key());
    }

    /** What a client says may be long, or a secret: in a key's name only its digest stands. */
    private List<String> named(String kind, String... parts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (String part : parts) {
                byte[] bytes = part.getBytes(UTF_8);
                digest.update((bytes.length + ":").getBytes(UTF_8));
                digest.update(bytes);
            }
            String name = HexFormat.of().formatHex(digest.digest(), 0, DIGEST_BYTES);
            return List.of(scripts.key("session-" + kind + ":" + name));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
