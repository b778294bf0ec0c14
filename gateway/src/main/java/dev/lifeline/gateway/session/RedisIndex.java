package dev.lifeline.gateway.session;

import dev.lifeline.gateway.redis.RedisLink.Temper;
import dev.lifeline.gateway.redis.Script;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The ids of all sessions, and of those that a node has a part in, as lists in Redis. A session that ends by time takes
 * nothing out of them: whoever reads a page looks which of its sessions live, and drops the rest.
 */
final class RedisIndex {

    static final int PAGE = 256;

    private static final Script ALIVE = Script.of("session-alive.lua");
    private static final Script ADD = Script.of("session-index-add.lua");
    private static final Script READ = Script.of("session-index-page.lua");
    private static final Script DROP = Script.of("session-index-drop.lua");
    private static final Script INVOLVE = Script.of("session-involve.lua");
    private static final Script LEAVE = Script.of("session-leave.lua");
    private static final Script NODES = Script.of("session-nodes.lua");

    /** The lists outlive every session, and end when no node has asked for them for so long. */
    private static final String KEPT_MILLIS = Long.toString(Duration.ofDays(60).toMillis());

    private final SessionScripts scripts;
    private final List<String> all;

    /**
     * A page of a list.
     *
     * @param ids those that live
     * @param gone how many did not
     * @param next where the next page begins, or null
     */
    record Page(List<String> ids, int gone, String next) {}

    RedisIndex(SessionScripts scripts) {
        this.scripts = scripts;
        this.all = List.of(scripts.key("sessions"));
    }

    /** Says whether there was room for it. */
    Future<Boolean> add(String id, int most) {
        return scripts.call(ADD, all, List.of(KEPT_MILLIS, Integer.toString(most), id), Temper.REPEATABLE)
                .map(answer -> answer.toInteger() == 1);
    }

    Future<Void> drop(Collection<String> ids) {
        return ids.isEmpty()
                ? Future.succeededFuture()
                : scripts.call(DROP, all, List.copyOf(ids), Temper.REPEATABLE).mapEmpty();
    }

    Future<Page> page(String from) {
        return read(all, from).compose(ids -> checked(ids, this::drop));
    }

    Future<Void> involve(String node, String id) {
        return scripts.call(INVOLVE, parts(node), List.of(KEPT_MILLIS, node, id), Temper.REPEATABLE)
                .mapEmpty();
    }

    Future<Void> leave(String node, Collection<String> ids) {
        List<String> arguments = new ArrayList<>(List.of(node));
        arguments.addAll(ids);
        return scripts.call(LEAVE, parts(node), arguments, Temper.REPEATABLE).mapEmpty();
    }

    Future<Set<String>> nodes() {
        return scripts.call(NODES, List.of(nodesKey()), List.of(KEPT_MILLIS), Temper.IMPATIENT)
                .map(answer -> new HashSet<>(SessionScripts.texts(answer)));
    }

    /** A page of what a node has a part in. */
    Future<Page> partsPage(String node, String from) {
        return read(List.of(parts(node).get(1)), from).compose(ids -> checked(ids, gone -> leave(node, gone)));
    }

    Future<Set<String>> involved(String node) {
        return involved(node, null, new HashSet<>());
    }

    private Future<Set<String>> involved(String node, String from, Set<String> soFar) {
        return read(List.of(parts(node).get(1)), from).compose(ids -> {
            soFar.addAll(ids);
            String next = next(ids);
            return next == null ? Future.succeededFuture(soFar) : involved(node, next, soFar);
        });
    }

    private Future<List<String>> read(List<String> list, String from) {
        List<String> arguments = List.of(KEPT_MILLIS, Integer.toString(PAGE), from == null ? "" : from);
        return scripts.call(READ, list, arguments, Temper.IMPATIENT).map(SessionScripts::texts);
    }

    private static String next(List<String> ids) {
        return ids.size() < PAGE ? null : ids.get(PAGE - 1);
    }

    /** How those are dropped that are gone. */
    private interface Drop {
        Future<Void> of(Collection<String> gone);
    }

    private Future<Page> checked(List<String> ids, Drop drop) {
        List<Future<Boolean>> living = ids.stream().map(this::lives).toList();
        Future<?> known = living.isEmpty() ? Future.succeededFuture() : Future.all(living);
        return known.compose(answered -> {
            List<String> here = new ArrayList<>();
            List<String> gone = new ArrayList<>();
            for (int i = 0; i < ids.size(); i++) {
                (living.get(i).result() ? here : gone).add(ids.get(i));
            }
            return drop.of(gone).map(new Page(here, gone.size(), next(ids)));
        });
    }

    private Future<Boolean> lives(String id) {
        return scripts.onSession(ALIVE, id, Temper.IMPATIENT).map(answer -> answer.toInteger() == 1);
    }

    private String nodesKey() {
        return scripts.key("session-{parts}");
    }

    /** The nodes with a part in anything, and the ids of one: together on one server of a cluster. */
    private List<String> parts(String node) {
        return List.of(nodesKey(), nodesKey() + ":" + node);
    }
}
