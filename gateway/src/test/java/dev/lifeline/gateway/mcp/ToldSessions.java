package dev.lifeline.gateway.mcp;

import dev.lifeline.event.CloseReason;
import dev.lifeline.event.Event;
import dev.lifeline.gateway.log.LogUnavailable;
import dev.lifeline.gateway.rpc.Message;
import dev.lifeline.gateway.rpc.MessageReader;
import dev.lifeline.gateway.session.Caller;
import dev.lifeline.gateway.session.LinkState;
import dev.lifeline.gateway.session.Session;
import dev.lifeline.gateway.session.Sessions;
import dev.lifeline.gateway.session.UnknownSession;
import dev.lifeline.gateway.stream.Hub;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Sessions that do as a test tells them: what is asked is queued, and answered when the test says so. */
final class ToldSessions implements Sessions {

    /** What a door passed on. */
    record Accepted(String session, String stream, Message message) {}

    final Map<String, Session> known = new ConcurrentHashMap<>();
    final BlockingQueue<Accepted> accepted = new LinkedBlockingQueue<>();
    final BlockingQueue<CloseReason> lefts = new LinkedBlockingQueue<>();
    final List<String> arrivals = new CopyOnWriteArrayList<>();
    final List<String> told = new CopyOnWriteArrayList<>();
    final Set<String> lent = ConcurrentHashMap.newKeySet();

    /** Requests of these methods are answered at once. */
    final Set<String> quick = ConcurrentHashMap.newKeySet();

    volatile boolean away;
    private final AtomicInteger number = new AtomicInteger();
    private final MessageReader reader = new MessageReader(64);
    private final Set<String> waiting = ConcurrentHashMap.newKeySet();
    private final Hub hub;

    ToldSessions(Hub hub) {
        this.hub = hub;
    }

    Session add(String principal, Session.Transport transport, String revision, String client) {
        Session.Owner owner = new Session.Owner(principal, transport, "127.0.0.1", null);
        return add(owner, "main", new Session.Opening("{}", revision, client, "1", true));
    }

    private Session add(Session.Owner owner, String upstream, Session.Opening opening) {
        String id = "session-" + number.incrementAndGet();
        Session session = new Session(id, owner, upstream, opening, LinkState.NONE, Session.Presence.NEVER);
        known.put(id, session);
        return session;
    }

    void wasAt(String id, String written) {
        Session.Presence presence = new Session.Presence("n", false, written, Instant.now());
        known.computeIfPresent(
                id, (same, it) -> new Session(id, it.owner(), it.upstream(), it.opening(), it.link(), presence));
    }

    Accepted next() throws InterruptedException {
        Accepted next = accepted.poll(10, TimeUnit.SECONDS);
        if (next == null) {
            throw new AssertionError("nothing was asked");
        }
        return next;
    }

    void publish(String stream, String type, String text) {
        hub.publish(stream, List.of(new Event(type, text)), null);
    }

    void answer(Accepted request, String result) {
        boolean own = request.stream().equals(Session.stream(request.session()));
        waiting.remove(request.stream());
        publish(request.stream(), own ? ANSWER : LAST, result(request.message(), result));
    }

    static String result(Message request, String result) {
        return "{\"jsonrpc\":\"2.0\",\"id\":" + request.id() + ",\"result\":" + result + "}";
    }

    static String notification(String method) {
        return "{\"jsonrpc\":\"2.0\",\"method\":\"" + method + "\"}";
    }

    private <T> Future<T> unlessAway(T value) {
        return away ? Future.failedFuture(new LogUnavailable("away")) : Future.succeededFuture(value);
    }

    @Override
    public Future<Session> open(Session.Owner owner, String upstream) {
        return unlessAway(null).map(here -> add(owner, upstream, Session.Opening.NONE));
    }

    @Override
    public Future<Begun> begin(Session.Owner owner, String upstream, Message initialize) {
        return unlessAway(null).map(here -> {
            String asked = initialize.details().protocolVersion();
            if ("wrong".equals(asked)) {
                Message error = reader.readOne("{\"jsonrpc\":\"2.0\",\"id\":" + initialize.id()
                        + ",\"error\":{\"code\":-1,\"message\":\"no\"}}");
                return new Begun(Optional.empty(), error);
            }
            Session session = add(owner, upstream, new Session.Opening(initialize.text(), asked, "test", "1", true));
            return new Begun(
                    Optional.of(session),
                    reader.readOne(result(initialize, "{\"protocolVersion\":\"" + asked + "\"}")));
        });
    }

    @Override
    public Future<Session> find(Caller caller, String id) {
        return unlessAway(null).map(here -> {
            Session session = known.get(id);
            if (session == null
                    || !session.owner().principal().equals(caller.principal())
                    || !session.upstream().equals(caller.upstream())) {
                throw new UnknownSession();
            }
            return session;
        });
    }

    @Override
    public Future<Session> accept(
            Caller caller, String id, List<Message> messages, String stream, Listening listening) {
        return find(caller, id).onSuccess(session -> {
            listening.begin(session, true);
            List<Message> requests =
                    messages.stream().filter(Message::isRequest).toList();
            if (!requests.isEmpty()) {
                waiting.add(stream);
            }
            for (Message message : messages) {
                Accepted it = new Accepted(id, stream, message);
                if (message.isRequest() && quick.contains(message.method())) {
                    boolean last = requests.get(requests.size() - 1) == message;
                    boolean own = stream.equals(session.stream());
                    waiting.remove(stream);
                    publish(stream, last && !own ? LAST : ANSWER, result(message, "{}"));
                } else {
                    accepted.add(it);
                }
            }
        });
    }

    @Override
    public Future<Boolean> isWaiting(Session session, String stream) {
        return unlessAway(waiting.contains(stream));
    }

    @Override
    public void arrived(Session session) {
        arrivals.add(session.id());
    }

    @Override
    public void wrote(Session session, String position) {
        wasAt(session.id(), position);
    }

    @Override
    public void left(Session session, String written, CloseReason reason) {
        wasAt(session.id(), written);
        lefts.add(reason);
    }

    @Override
    public Future<Session> borrow(Session.Owner owner, String upstream) {
        return open(owner, upstream).onSuccess(session -> lent.add(session.id()));
    }

    @Override
    public void giveBack(Session session) {
        lent.remove(session.id());
    }

    @Override
    public Future<Optional<Session>> returning(Caller caller, String origin) {
        List<Session> those = known.values().stream()
                .filter(session -> session.owner().principal().equals(caller.principal()))
                .filter(session -> session.owner().origin().equals(origin))
                .filter(session -> session.owner().transport() == Session.Transport.LEGACY)
                .filter(session -> session.presence().node() != null)
                .toList();
        return unlessAway(those.size() == 1 ? Optional.of(those.get(0)) : Optional.empty());
    }

    @Override
    public Future<Optional<Session>> byKey(Caller caller, String key) {
        return unlessAway(known.values().stream()
                .filter(session -> session.owner().principal().equals(caller.principal()))
                .filter(session -> key.equals(session.owner().key()))
                .findFirst());
    }

    @Override
    public Future<Void> close(Caller caller, String id) {
        return find(caller, id).compose(session -> {
            known.remove(id);
            return hub.remove(session.stream());
        });
    }

    @Override
    public Future<Void> tell(String id, Message message) {
        if (!known.containsKey(id)) {
            return Future.failedFuture(new UnknownSession());
        }
        told.add(message.text());
        return unlessAway(null);
    }

    @Override
    public Future<Long> tellAll(Message message) {
        told.add(message.text());
        return unlessAway((long) known.size());
    }

    @Override
    public int held() {
        return known.size();
    }
}
