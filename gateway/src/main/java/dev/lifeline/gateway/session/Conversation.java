package dev.lifeline.gateway.session;

import dev.lifeline.event.Event;
import dev.lifeline.gateway.fault.Fault;
import dev.lifeline.gateway.fault.Step;
import dev.lifeline.gateway.log.LogUnavailable;
import dev.lifeline.gateway.log.Settled;
import dev.lifeline.gateway.rpc.Message;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * This node's part in one session: its hold on the upstream, and the exchanges it pursues. The truth about the session
 * is in the store; what is here can be lost with the node. Called from any thread.
 */
final class Conversation {

    /** With longer and longer pauses; the session has ended by then, or the store will not be back. */
    private static final int MOST_TRIES = 100;

    private final Means means;
    private final Settlement settlement;
    private final KnownTools tools;
    private final Publisher publisher;
    private final Hold hold;
    private final String id;
    private final Map<String, Pursuit> pursuits = new ConcurrentHashMap<>();

    private volatile boolean involved;

    // Guarded by this.
    private Session session;
    private boolean present;
    private long usedAt;

    Conversation(Means means, Settlement settlement, KnownTools tools, Session session) {
        this.means = means;
        this.settlement = settlement;
        this.tools = tools;
        this.session = session;
        this.id = session.id();
        this.usedAt = means.time().nanos();
        this.hold = new Hold(means, session, this::fromUpstream);
        this.publisher = new Publisher(means.time(), means.hub(), means.tokens().brief() + ".");
    }

    String id() {
        return id;
    }

    Settlement settlement() {
        return settlement;
    }

    Publisher publisher() {
        return publisher;
    }

    Hold hold() {
        return hold;
    }

    synchronized Session session() {
        return session;
    }

    Part part() {
        List<Part.Open> open = pursuits.values().stream()
                .map(pursuit -> new Part.Open(pursuit.exchange().method(), pursuit.age()))
                .toList();
        return new Part(session(), hold.state(), hold.isOpen(), isPresent(), open);
    }

    Collection<Pursuit> pursuits() {
        return pursuits.values();
    }

    /** Takes in what the store says now. */
    void update(Session fresh) {
        synchronized (this) {
            session = fresh;
            usedAt = means.time().nanos();
        }
        hold.update(fresh.link());
    }

    // ---- what the client sends

    /** Puts a request to the upstream; what comes of it goes to the POST's stream. */
    void pursue(Exchange exchange, Message request, Post post) {
        boolean repeatable = exchange.request() != null;
        Pursuit pursuit = new Pursuit(this, exchange, request, repeatable, post);
        pursuits.put(exchange.key(), pursuit);
        pursuit.begin();
    }

    /** Goes on with what a dead node had been waiting for. */
    void takeOver(Exchange exchange, Post post) {
        Message request = exchange.request() == null ? null : means.reader().readOne(exchange.request());
        Pursuit pursuit = new Pursuit(this, exchange, request, request != null, post);
        // Told twice, when the answer to the first taking was lost, it is pursued once.
        if (pursuits.putIfAbsent(exchange.key(), pursuit) == null) {
            pursuit.goOn();
        }
    }

    /** Passes on what needs no answer. */
    Future<Void> tell(Message message) {
        long before = hold.state().generation();
        return hold.ready().compose(link -> link.send(message)).recover(failure -> {
            if (!(failure instanceof LinkFailure known) || known.ending() != Ending.FORGOTTEN) {
                return Future.failedFuture(failure);
            }
            // An answer to an upstream that forgot its question is of no use to it.
            return message.isAnswer()
                    ? Future.succeededFuture()
                    : hold.renew(before).compose(link -> link.send(message));
        });
    }

    /** Ends the pursuit of a request its client takes back; false where none is pursued here. */
    boolean cancel(String rpcId) {
        List<Pursuit> taken = pursuits.values().stream()
                .filter(pursuit -> pursuit.exchange().id().equals(rpcId))
                .toList();
        taken.forEach(Pursuit::cancel);
        return !taken.isEmpty();
    }

    // ---- what the upstream sends

    /** What comes by no request's way: a question belongs to the one request it can have come from. */
    private Future<Void> fromUpstream(Message message, String eventId) {
        List<Pursuit> open = List.copyOf(pursuits.values());
        String stream = message.isRequest() && open.size() == 1 ? open.get(0).stream() : Session.stream(id);
        return fromUpstream(message, stream, eventId);
    }

    /** Publishes what is no outcome. */
    Future<Void> fromUpstream(Message message, String stream, String eventId) {
        if (message.isRequest() && means.settings().isQuiet(session())) {
            hold.ready().compose(link -> link.send(means.reader().readOne(OwnWords.insteadOfAQuietClient(message))));
            return Future.succeededFuture();
        }
        Event event = new Event(Sessions.MESSAGE, message.text());
        Future<Boolean> kept = eventId == null
                ? publisher.publish(stream, event)
                : publisher.publish(stream, event, repetitionKey(message, eventId));
        return kept.mapEmpty();
    }

    /** With the text in it: some servers count from one on every connection. */
    private String repetitionKey(Message message, String eventId) {
        return "u" + hold.state().scope() + ":" + eventId + ":"
                + Integer.toHexString(message.text().hashCode());
    }

    /** Takes what an answer tells about the session itself, before the client has it and may go to another node. */
    Future<Void> answered(Message request, Message answer) {
        if (request == null || answer.kind() == Message.Kind.ERROR) {
            return Future.succeededFuture();
        }
        return switch (request.method()) {
            case "tools/list" -> {
                tools.learn(session().upstream(), answer);
                yield Future.succeededFuture();
            }
            case "logging/setLevel" -> means.store().wish(id, "level", request.text());
            case "resources/subscribe" -> means.store().wish(id, subscription(request), request.text());
            case "resources/unsubscribe" -> means.store().wish(id, subscription(request), null);
            default -> Future.succeededFuture();
        };
    }

    private static String subscription(Message request) {
        return "subscription " + request.details().name();
    }

    Future<Void> introduced(Session.Opening opening) {
        return means.store().introduce(id, opening);
    }

    void heard(Exchange exchange, String eventId) {
        means.store().heard(id, exchange.key(), eventId);
    }

    Means.Replies replies() {
        return means.replies();
    }

    /** Publishes the outcome of an exchange, which is settled with it: in one step where the store can do that. */
    Future<Void> land(Pursuit pursuit, Event outcome, String how) {
        Exchange exchange = pursuit.exchange();
        Settled settling = means.store().settling(id, exchange.key());
        return publisher
                .publish(exchange.stream(), outcome, "x" + exchange.key(), settling)
                .onComplete(landed -> {
                    close(pursuit, how);
                    if (landed.failed() || !landed.result().settled()) {
                        settle(exchange);
                    }
                })
                .mapEmpty();
    }

    /** An exchange of which nobody is told an outcome. */
    void settled(Pursuit pursuit, String how) {
        close(pursuit, how);
        settle(pursuit.exchange());
    }

    /** Takes an exchange that has its outcome off the list. */
    void settle(Exchange exchange) {
        settle(exchange, 1);
    }

    /** What stays on the list has a second outcome when this node dies, once the first is forgotten. */
    private void settle(Exchange exchange, int tries) {
        Future<Void> settled = Fault.at(Step.OUTCOME)
                ? Future.failedFuture(new LogUnavailable(Fault.WORD))
                : means.store().settle(id, exchange.key());
        settled.onFailure(away -> {
            if (tries < MOST_TRIES) {
                later(tries, () -> settle(exchange, tries + 1));
            }
        });
    }

    /** Nobody knows whether these were put down: who asked is told that they failed, and that was their outcome. */
    <T> Future<T> withdraw(List<Exchange> opened, Throwable why) {
        opened.forEach(this::settle);
        return Future.failedFuture(why);
    }

    private void close(Pursuit pursuit, String how) {
        pursuits.remove(pursuit.exchange().key());
        means.metrics().exchangeSettled(how, pursuit.age());
    }

    /** How much time passes, for those who measure it. */
    long nanos() {
        return means.time().nanos();
    }

    void later(int tries, Runnable again) {
        means.time().after(means.settings().pause().apply(tries), again);
    }

    // ---- presence, and the end

    /** The store was told that this node has a part in it. */
    void involved() {
        involved = true;
    }

    /** Sees to it that the store knows: nobody takes over what it does not know of. */
    Future<Conversation> involve() {
        if (involved) {
            return Future.succeededFuture(this);
        }
        Future<Void> told = Fault.at(Step.ARRIVED)
                ? Future.failedFuture(new LogUnavailable(Fault.WORD))
                : means.store().involve(means.node(), id);
        return told.map(noted -> {
            involved();
            return this;
        });
    }

    synchronized void present(boolean listens) {
        present = listens;
        usedAt = means.time().nanos();
    }

    /** Whether a client of the session listens on this node. */
    synchronized boolean isPresent() {
        return present;
    }

    synchronized boolean isIdleFor(Duration time) {
        return pursuits.isEmpty() && !present && means.time().nanos() - usedAt > time.toNanos();
    }

    /** Lets go of everything; the session may live on elsewhere. */
    void release() {
        hold.release();
    }

    /** The session is over. */
    Future<Void> close() {
        pursuits.values().forEach(Pursuit::drop);
        pursuits.clear();
        return hold.close();
    }
}
