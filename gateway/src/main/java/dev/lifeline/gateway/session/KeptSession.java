package dev.lifeline.gateway.session;

import dev.lifeline.event.Cursor;
import dev.lifeline.gateway.session.Session.Opening;
import dev.lifeline.gateway.session.Session.Presence;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One session in {@link MemorySessions}, with its exchanges. Touched under its own lock. */
final class KeptSession {

    private final Map<String, Waiting> exchanges = new LinkedHashMap<>();
    private final Map<String, String> wishes = new LinkedHashMap<>();
    private Session session;
    private Instant end;
    private Claim claim = new Claim(0, null, Instant.MIN);

    /** An exchange, and whom it was taken from, or null: who takes it a second time gets it a second time. */
    private record Waiting(Exchange exchange, String takenFrom) {}

    /** Who may begin the conversation anew, after which generation, and until when. */
    private record Claim(long generation, String node, Instant until) {}

    KeptSession(Session session, Instant end) {
        this.session = session;
        this.end = end;
    }

    Session session() {
        return session;
    }

    boolean isOver(Instant now) {
        return !now.isBefore(end);
    }

    KeptSession liveUntil(Instant until) {
        end = until;
        return this;
    }

    void putDown(Exchange exchange) {
        exchanges.put(exchange.key(), new Waiting(exchange, null));
    }

    void settle(String exchange) {
        exchanges.remove(exchange);
    }

    void heard(String exchange, String upstreamEventId) {
        exchanges.computeIfPresent(exchange, (key, it) -> {
            Exchange was = it.exchange();
            Exchange is =
                    new Exchange(key, was.id(), was.stream(), was.node(), was.request(), was.method(), upstreamEventId);
            return new Waiting(is, it.takenFrom());
        });
    }

    List<Exchange> open() {
        return exchanges.values().stream().map(Waiting::exchange).toList();
    }

    List<Exchange> takeOver(String dead, String survivor) {
        exchanges.replaceAll((key, it) ->
                dead.equals(it.exchange().node()) ? new Waiting(it.exchange().at(survivor), dead) : it);
        return exchanges.values().stream()
                .filter(it -> dead.equals(it.takenFrom())
                        && survivor.equals(it.exchange().node()))
                .map(Waiting::exchange)
                .toList();
    }

    void introduce(Opening opening) {
        change(opening, session.link(), session.presence());
    }

    void wish(String name, String request) {
        if (request == null) {
            wishes.remove(name);
        } else if (wishes.size() < SessionStore.MOST_WISHES) {
            wishes.put(name, request);
        }
    }

    List<String> wishes() {
        return List.copyOf(wishes.values());
    }

    LinkState relink(long known, LinkState wanted) {
        if (session.link().generation() == known) {
            change(session.opening(), wanted, session.presence());
        }
        return session.link();
    }

    boolean claim(long known, String node, Instant now, Instant until) {
        boolean held = claim.generation() == known && !node.equals(claim.node()) && now.isBefore(claim.until());
        if (session.link().generation() != known || held) {
            return false;
        }
        claim = new Claim(known, node, until);
        return true;
    }

    void heard(LinkState within, String lastEventId) {
        LinkState link = session.link();
        if (link.isWithin(within)) {
            change(session.opening(), link.heard(lastEventId), session.presence());
        }
    }

    void present(String node, Instant now) {
        present(new Presence(node, true, session.presence().written(), now));
    }

    void absent(String node, String written, Instant now) {
        Presence was = session.presence();
        if (node.equals(was.node())) {
            present(new Presence(node, false, higher(was.written(), written), was.listening() ? now : was.changed()));
        }
    }

    void written(String position) {
        Presence was = session.presence();
        present(new Presence(was.node(), was.listening(), higher(was.written(), position), was.changed()));
    }

    private void present(Presence presence) {
        change(session.opening(), session.link(), presence);
    }

    private static String higher(String was, String is) {
        Optional<Cursor> next = Optional.ofNullable(is).flatMap(Cursor::parse);
        Optional<Cursor> last = Optional.ofNullable(was).flatMap(Cursor::parse);
        return next.isPresent() && (last.isEmpty() || next.get().isAfter(last.get())) ? is : was;
    }

    private void change(Opening opening, LinkState link, Presence presence) {
        session = new Session(session.id(), session.owner(), session.upstream(), opening, link, presence);
    }
}
