package dev.lifeline.gateway.session;

import dev.lifeline.event.Cursor;
import dev.lifeline.gateway.log.Settled;
import dev.lifeline.gateway.redis.RedisLink.Temper;
import dev.lifeline.gateway.redis.Script;
import dev.lifeline.gateway.redis.Scripts;
import io.vertx.core.Future;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * The sessions of many nodes, in Redis: one Lua script and one round trip a verb. What is kept of a session ends with it,
 * by time, on its own; how one is found without its id is kept elsewhere, and checked: {@link RedisWays}, {@link RedisIndex}.
 */
public final class RedisSessions implements SessionStore {

    private static final String PRELUDE = "session.lua";
    private static final Script CREATE = Script.of(PRELUDE, "session-create.lua");
    private static final Script FIND = Script.of(PRELUDE, "session-find.lua");
    private static final Script ACCEPT = Script.of(PRELUDE, "session-accept.lua");
    private static final Script INTRODUCE = Script.of(PRELUDE, "session-introduce.lua");
    private static final Script WISH = Script.of(PRELUDE, "session-wish.lua");
    private static final Script WISHES = Script.of(PRELUDE, "session-wishes.lua");
    private static final Script RELINK = Script.of(PRELUDE, "session-relink.lua");
    private static final Script CLAIM = Script.of(PRELUDE, "session-claim.lua");
    private static final Script POSITION = Script.of(PRELUDE, "session-position.lua");
    private static final Script HEARD = Script.of(PRELUDE, "session-heard.lua");
    private static final Script SETTLE = Script.of(PRELUDE, "session-settle.lua");
    private static final Script OPEN = Script.of(PRELUDE, "session-open.lua");
    private static final Script PRESENT = Script.of(PRELUDE, "session-present.lua");
    private static final Script ABSENT = Script.of(PRELUDE, "session-absent.lua");
    private static final Script WRITTEN = Script.of(PRELUDE, "session-written.lua");
    private static final Script REFRESH = Script.of(PRELUDE, "session-refresh.lua");
    private static final Script REMOVE = Script.of(PRELUDE, "session-remove.lua");
    private static final Script TAKE_OVER = Script.of(PRELUDE, "session-take-over.lua");

    /** So many calls go at once: the link has a bound, and others use it too. */
    private static final int AT_ONCE = 512;

    private final SessionScripts scripts;
    private final int most;
    private final RedisWays ways;
    private final RedisIndex index;
    private final RedisSweep sweep;

    /**
     * A store behind a link, which is somebody else's to close.
     *
     * @param prefix of every key
     * @param most how many sessions there may be, of all nodes together
     */
    public RedisSessions(Scripts link, String prefix, int most) {
        this.scripts = new SessionScripts(link, prefix);
        this.most = most;
        this.ways = new RedisWays(scripts);
        this.index = new RedisIndex(scripts);
        this.sweep = new RedisSweep(index);
    }

    @Override
    public Future<Void> create(Session session, Duration life) {
        String id = session.id();
        if (!SessionScripts.isId(id)) {
            return Future.failedFuture(new IllegalArgumentException("no id for a session"));
        }
        List<String> arguments = new ArrayList<>(List.of(millis(life)));
        arguments.addAll(SessionFields.of(session));
        // First the session: a list is swept of what does not live.
        return scripts.call(CREATE, scripts.keys(id), arguments, Temper.REPEATABLE)
                .compose(created -> index.add(id, most))
                .compose(room -> room ? ways.add(session, life, true) : refuse(id));
    }

    private Future<Void> refuse(String id) {
        sweep();
        return scripts.onSession(REMOVE, id, Temper.REPEATABLE)
                .compose(removed -> Future.failedFuture(new TooManySessions(most)));
    }

    @Override
    public Future<Optional<Session>> find(String id) {
        return on(FIND, id, Temper.REPEATABLE).map(answer -> session(id, answer, 0));
    }

    @Override
    public Future<Optional<Session>> accept(String id, List<Exchange> opened, Duration life) {
        List<String> arguments = new ArrayList<>(1 + 12 * opened.size());
        arguments.add(millis(life));
        opened.forEach(exchange -> SessionFields.put(arguments, exchange));
        return on(ACCEPT, id, Temper.PATIENT, arguments).map(answer -> refreshed(id, answer, life));
    }

    /** What came back behind the word whether its ways are due. Nobody waits for those. */
    private Optional<Session> refreshed(String id, Response answer, Duration life) {
        Optional<Session> session = session(id, answer, 1);
        if (session.isPresent() && answer.get(0).toInteger() == 1) {
            ways.add(session.get(), life, false);
        }
        return session;
    }

    private static Optional<Session> session(String id, Response answer, int from) {
        return answer.size() <= from ? Optional.empty() : Optional.of(SessionFields.session(id, answer, from));
    }

    @Override
    public Future<Void> introduce(String id, Session.Opening opening) {
        return on(INTRODUCE, id, Temper.REPEATABLE, SessionFields.of(opening)).mapEmpty();
    }

    @Override
    public Future<Void> wish(String id, String name, String request) {
        String kept = request == null ? "" : request;
        return on(WISH, id, Temper.REPEATABLE, name, kept, Integer.toString(MOST_WISHES))
                .mapEmpty();
    }

    @Override
    public Future<List<String>> wishes(String id) {
        return on(WISHES, id, Temper.REPEATABLE).map(SessionScripts::texts);
    }

    @Override
    public Future<Optional<LinkState>> relink(String id, long knownGeneration, LinkState wanted) {
        List<String> arguments = new ArrayList<>(List.of(Long.toString(knownGeneration)));
        arguments.addAll(SessionFields.of(wanted));
        return on(RELINK, id, Temper.REPEATABLE, arguments)
                .map(answer -> answer.size() == 0 ? Optional.empty() : Optional.of(SessionFields.link(answer, 0)));
    }

    @Override
    public Future<Boolean> claim(String id, long knownGeneration, String node, Duration time) {
        return on(CLAIM, id, Temper.REPEATABLE, Long.toString(knownGeneration), node, millis(time))
                .map(answer -> answer.toInteger() == 1);
    }

    @Override
    public Future<Void> heard(String id, LinkState within, String lastEventId) {
        String upstreamSession = Objects.requireNonNullElse(within.upstreamSession(), "");
        return on(POSITION, id, Temper.IMPATIENT, upstreamSession, lastEventId).mapEmpty();
    }

    @Override
    public Future<Void> heard(String id, String exchange, String upstreamEventId) {
        return on(HEARD, id, Temper.IMPATIENT, exchange, upstreamEventId).mapEmpty();
    }

    @Override
    public Future<Void> settle(String id, String exchange) {
        return on(SETTLE, id, Temper.REPEATABLE, SessionFields.of(exchange)).mapEmpty();
    }

    @Override
    public Settled settling(String id, String exchange) {
        return new Settled(scripts.keys(id).get(1), SessionFields.of(exchange));
    }

    @Override
    public Future<List<Exchange>> open(String id) {
        return on(OPEN, id, Temper.REPEATABLE).map(answer -> SessionFields.exchanges(answer, null));
    }

    @Override
    public Future<Void> present(String id, String node, Duration life) {
        return on(PRESENT, id, Temper.REPEATABLE, millis(life), node)
                .map(answer -> refreshed(id, answer, life))
                .mapEmpty();
    }

    @Override
    public Future<Void> absent(String id, String node, String written) {
        return on(ABSENT, id, Temper.REPEATABLE, node, position(written)).mapEmpty();
    }

    @Override
    public Future<Void> written(String id, String position) {
        return on(WRITTEN, id, Temper.IMPATIENT, position(position)).mapEmpty();
    }

    private static String position(String text) {
        return Optional.ofNullable(text)
                .flatMap(Cursor::parse)
                .map(Cursor::toString)
                .orElse("");
    }

    @Override
    public Future<Set<String>> refresh(Collection<String> ids, Duration life) {
        return refresh(List.copyOf(ids), 0, life, new HashSet<>());
    }

    private Future<Set<String>> refresh(List<String> ids, int from, Duration life, Set<String> gone) {
        if (from >= ids.size()) {
            return Future.succeededFuture(gone);
        }
        int to = Math.min(from + AT_ONCE, ids.size());
        List<Future<Boolean>> living =
                ids.subList(from, to).stream().map(id -> refresh(id, life)).toList();
        return Future.all(living).compose(answered -> {
            for (int i = from; i < to; i++) {
                if (!living.get(i - from).result()) {
                    gone.add(ids.get(i));
                }
            }
            return refresh(ids, to, life, gone);
        });
    }

    private Future<Boolean> refresh(String id, Duration life) {
        return on(REFRESH, id, Temper.IMPATIENT, millis(life)).map(answer -> {
            refreshed(id, answer, life);
            return answer.size() > 0;
        });
    }

    @Override
    public Future<Boolean> remove(String id) {
        return on(REMOVE, id, Temper.REPEATABLE).map(answer -> {
            Optional<Session> was = session(id, answer, 0);
            // What is not dropped now is found out when it is followed, and when it is swept.
            was.ifPresent(session -> {
                ways.drop(session);
                index.drop(List.of(id));
            });
            return was.isPresent();
        });
    }

    @Override
    public Future<List<Session>> from(String principal, String origin) {
        return ways.from(principal, origin)
                .compose(ids -> found(ids)
                        .map(all -> all.stream()
                                .filter(session ->
                                        principal.equals(session.owner().principal())
                                                && origin.equals(session.owner().origin()))
                                .toList()));
    }

    private Future<List<Session>> found(List<String> ids) {
        List<Future<Optional<Session>>> found = ids.stream().map(this::find).toList();
        Future<?> all = found.isEmpty() ? Future.succeededFuture() : Future.all(found);
        return all.map(
                done -> found.stream().flatMap(one -> one.result().stream()).toList());
    }

    @Override
    public Future<Optional<Session>> byKey(String principal, String upstream, String key) {
        return ways.byKey(principal, upstream, key)
                .compose(id -> id == null ? Future.succeededFuture(Optional.<Session>empty()) : find(id))
                .map(found ->
                        found.filter(session -> principal.equals(session.owner().principal())
                                && upstream.equals(session.upstream())
                                && Objects.equals(key, session.owner().key())));
    }

    @Override
    public Future<Ids> ids(String from) {
        return index.page(from).map(page -> new Ids(page.ids(), page.next()));
    }

    @Override
    public Future<Void> involve(String node, String id) {
        return index.involve(node, id);
    }

    @Override
    public Future<Set<String>> involved(String node) {
        return index.involved(node);
    }

    @Override
    public Future<Set<String>> nodesInvolved() {
        return index.nodes();
    }

    @Override
    public Future<List<Exchange>> takeOver(String id, String dead, String survivor) {
        // The survivor is noted first: should it die as well, somebody finds it.
        return index.involve(survivor, id)
                .compose(noted -> on(TAKE_OVER, id, Temper.REPEATABLE, dead, survivor))
                .map(answer -> SessionFields.exchanges(answer, dead).stream()
                        .filter(exchange -> survivor.equals(exchange.node()))
                        .toList());
    }

    @Override
    public Future<Void> leave(String node, String id) {
        return index.leave(node, List.of(id));
    }

    /** Takes sessions that ended by time out of the lists; to be called now and then. */
    public Future<Void> sweep() {
        return sweep.go();
    }

    @Override
    public Future<Void> close() {
        return Future.succeededFuture();
    }

    private Future<Response> on(Script script, String id, Temper temper, String... arguments) {
        return on(script, id, temper, List.of(arguments));
    }

    private Future<Response> on(Script script, String id, Temper temper, List<String> arguments) {
        // What cannot be an id has a key that no session has.
        return scripts.call(script, scripts.keys(SessionScripts.isId(id) ? id : "*"), arguments, temper);
    }

    private static String millis(Duration duration) {
        return Long.toString(duration.toMillis());
    }
}
