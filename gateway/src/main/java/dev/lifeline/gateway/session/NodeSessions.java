package dev.lifeline.gateway.session;

import dev.lifeline.event.CloseReason;
import dev.lifeline.event.Event;
import dev.lifeline.gateway.fault.Fault;
import dev.lifeline.gateway.fault.Step;
import dev.lifeline.gateway.log.LogUnavailable;
import dev.lifeline.gateway.rpc.Message;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/**
 * The sessions of all nodes as one node serves them. What a node keeps of a session ({@link Conversation}) is made when
 * it first has a part in it, after the store was told so.
 */
public final class NodeSessions implements Sessions {

    private static final int MOST_TRIES = 4;
    private static final String CANCELLED = "notifications/cancelled";

    private final Means means;
    private final Settlement settlement;
    private final KnownTools tools = new KnownTools();
    private final ConcurrentHashMap<String, Conversation> conversations = new ConcurrentHashMap<>();
    private final Spares spares;
    private final Pipes pipes;
    private final Written written;
    private final Broadcast broadcast;
    private final Trespasses trespasses = new Trespasses();
    /** Keys of exchanges begin with it: no other node, and no former life of this one, gives the same. */
    private final String life;

    private final AtomicLong exchanges = new AtomicLong();

    public NodeSessions(Means means) {
        this.means = means;
        this.life = means.tokens().brief() + ".";
        this.settlement = new Settlement(means.settings().patience(), MOST_TRIES);
        this.spares = new Spares(this);
        this.pipes = new Pipes(means, this);
        this.written = new Written(means);
        this.broadcast = new Broadcast(means);
    }

    // ---- beginning

    @Override
    public Future<Session> open(Session.Owner owner, String upstream) {
        Session session = new Session(
                means.tokens().secret(), owner, upstream, Session.Opening.NONE, LinkState.NONE, Session.Presence.NEVER);
        return Home.bring(create(session));
    }

    private Future<Session> create(Session session) {
        return means.store()
                .create(session, means.settings().life(session))
                .onSuccess(kept -> means.metrics()
                        .sessionOpened(session.owner().transport().name().toLowerCase(java.util.Locale.ROOT)))
                .map(session);
    }

    @Override
    public Future<Begun> begin(Session.Owner owner, String upstream, Message initialize) {
        String id = means.tokens().secret();
        Link link = means.upstream(upstream).link(id, LinkState.NONE);
        return Home.bring(link.open(initialize).compose(opened -> {
            if (opened.answer().kind() == Message.Kind.ERROR) {
                link.release();
                return Future.succeededFuture(new Begun(Optional.empty(), opened.answer()));
            }
            Session session = begun(id, owner, upstream, initialize, opened);
            // In this order on the way to the store, and one wait for both.
            Future<Session> created = create(session);
            return Future.all(created, involve(created, id))
                    .onFailure(away -> link.close())
                    .map(kept -> {
                        Conversation here = conversation(session);
                        here.involved();
                        Hold hold = here.hold();
                        hold.begin(session.link(), link);
                        hold.listen();
                        return new Begun(Optional.of(session), opened.answer());
                    });
        }));
    }

    private Future<Void> involve(Future<?> created, String id) {
        if (!Fault.armed()) {
            return means.store().involve(means.node(), id);
        }
        return created.compose(kept -> {
            Fault.at(Step.SESSION_CREATED, LogUnavailable::new);
            return means.store().involve(means.node(), id);
        });
    }

    private Session begun(String id, Session.Owner owner, String upstream, Message initialize, Link.Opened opened) {
        LinkState link = opened.state().begun(1, means.node());
        Session.Opening opening = OwnWords.opening(initialize, link.revision());
        return new Session(id, owner, upstream, opening, link, Session.Presence.NEVER);
    }

    // ---- finding

    @Override
    public Future<Session> find(Caller caller, String id) {
        return means.store()
                .find(id)
                .map(found -> found.filter(session -> admits(caller, session)).orElseThrow(UnknownSession::new));
    }

    /** Whether the caller may know of it. That somebody may not is written down after he has his answer: it takes time. */
    private boolean admits(Caller caller, Session session) {
        if (!session.owner().principal().equals(caller.principal())) {
            means.time()
                    .soon(() -> trespasses.note(caller, session, means.time().nanos()));
        }
        return isOf(caller, session);
    }

    private static boolean isOf(Caller caller, Session session) {
        return session.owner().principal().equals(caller.principal())
                && session.upstream().equals(caller.upstream());
    }

    /** The part this node has in a session, made if it has none yet. */
    Conversation conversation(Session session) {
        return conversations.computeIfAbsent(session.id(), id -> new Conversation(means, settlement, tools, session));
    }

    Conversation known(String id) {
        return conversations.get(id);
    }

    Collection<Conversation> all() {
        return conversations.values();
    }

    void forget(Conversation conversation) {
        conversations.remove(conversation.id(), conversation);
    }

    /** Finds a session for its caller, and gets this node a part in it. */
    Future<Conversation> join(Caller caller, String id) {
        Conversation here = conversations.get(id);
        if (here != null) {
            return admits(caller, here.session()) ? here.involve() : Future.failedFuture(new UnknownSession());
        }
        return find(caller, id).compose(session -> conversation(session).involve());
    }

    // ---- what clients send

    @Override
    public Future<Session> accept(
            Caller caller, String id, List<Message> messages, String stream, Listening listening) {
        return Home.bring(join(caller, id).compose(conversation -> accept(conversation, messages, stream, listening)));
    }

    private Future<Session> accept(
            Conversation conversation, List<Message> messages, String stream, Listening listening) {
        List<Exchange> opened = new ArrayList<>(messages.size());
        for (Message message : messages) {
            if (message.isRequest()) {
                // For this node, until another that holds the only way has taken it: it may never hear of it.
                opened.add(exchange(conversation, message, stream, means.node()));
            }
        }
        if (conversation.pursuits().size() + opened.size() > means.settings().mostExchanges()) {
            return Future.failedFuture(new TooManyExchanges());
        }
        Session session = conversation.session();
        return means.store()
                .accept(session.id(), opened, means.settings().life(session))
                .compose(
                        found -> {
                            Session fresh = found.orElse(null);
                            if (fresh == null) {
                                end(conversation, "expired");
                                return Future.failedFuture(new UnknownSession());
                            }
                            conversation.update(fresh);
                            if (Fault.at(Step.ACCEPTED)) {
                                return conversation.withdraw(opened, new LogUnavailable(Fault.WORD));
                            }
                            listening.begin(fresh, pipes.nodeFor(conversation).equals(means.node()));
                            return send(conversation, messages, opened, stream).map(fresh);
                        },
                        lost -> conversation.withdraw(opened, lost));
    }

    private Future<Void> send(Conversation conversation, List<Message> messages, List<Exchange> opened, String stream) {
        String node = pipes.nodeFor(conversation);
        return node.equals(means.node())
                ? pass(conversation, messages, opened, stream)
                : pipes.pass(node, conversation, messages, opened, stream);
    }

    private Exchange exchange(Conversation conversation, Message request, String stream, String node) {
        String key = life + Long.toString(exchanges.incrementAndGet(), Character.MAX_RADIX);
        return exchange(key, conversation, request, stream, node);
    }

    Exchange exchange(String key, Conversation conversation, Message request, String stream, String node) {
        boolean repeatable =
                Settlement.isRepeatable(request, tools.of(conversation.session().upstream()));
        return new Exchange(
                key, request.id(), stream, node, repeatable ? request.text() : null, request.method(), null);
    }

    /** Passes accepted messages on to the upstream, from this node. */
    Future<Void> pass(Conversation conversation, List<Message> messages, List<Exchange> opened, String stream) {
        Post post = new Post(stream, !stream.equals(Session.stream(conversation.id())), opened.size());
        List<Future<Void>> told = new ArrayList<>();
        int next = 0;
        for (Message message : messages) {
            if (!message.isRequest()) {
                told.add(tell(conversation, message));
            } else if (message.method().equals("initialize")) {
                introduce(conversation, opened.get(next++), message, post);
            } else {
                conversation.pursue(opened.get(next++), message, post);
            }
        }
        return told.isEmpty() ? Future.succeededFuture() : Future.join(told).mapEmpty();
    }

    private Future<Void> tell(Conversation conversation, Message message) {
        if (CANCELLED.equals(message.method())) {
            pipes.cancel(conversation, message.details().requestId());
        }
        if (!"notifications/initialized".equals(message.method())) {
            return conversation.tell(message);
        }
        Session.Opening opening =
                OwnWords.withInitialized(conversation.session().opening());
        return conversation.introduced(opening).compose(noted -> conversation.tell(message));
    }

    /** The client says who it is: the upstream's answer decides who it talks to from now on. */
    private void introduce(Conversation conversation, Exchange exchange, Message initialize, Post post) {
        Introduction introduction = new Introduction(means, conversation, exchange, initialize);
        Future<Message> made = introduction.make();
        conversation.hold().introducing(made);
        made.onComplete(answer -> {
            String text = answer.succeeded() ? answer.result().text() : introduction.refusal(answer.cause());
            conversation
                    .publisher()
                    .publish(post.stream(), new Event(post.outcome(), text), "x" + exchange.key())
                    .onComplete(landed -> conversation.settle(exchange));
        });
    }

    @Override
    public Future<Boolean> isWaiting(Session session, String stream) {
        return means.store()
                .open(session.id())
                .map(open ->
                        open.stream().anyMatch(exchange -> exchange.stream().equals(stream)));
    }

    // ---- presence

    @Override
    public void arrived(Session session) {
        Conversation here = conversation(session);
        here.present(true);
        here.involve()
                .compose(noted -> means.store()
                        .present(session.id(), means.node(), means.settings().life(session)))
                // Whoever introduces the client from now on sees that it listens; what was introduced before is here.
                .compose(noted -> means.store().find(session.id()))
                .onComplete(found -> {
                    if (found.succeeded()) {
                        found.result().ifPresent(here::update);
                    }
                    pipes.attend(here);
                });
    }

    @Override
    public void wrote(Session session, String position) {
        written.note(session.id(), position);
    }

    @Override
    public void left(Session session, String position, CloseReason reason) {
        written.forget(session.id());
        Conversation here = conversations.get(session.id());
        if (here != null) {
            here.present(false);
        }
        means.store().absent(session.id(), means.node(), position);
    }

    @Override
    public Future<Optional<Session>> returning(Caller caller, String origin) {
        return Home.bring(means.store()
                .from(caller.principal(), origin)
                .compose(candidates -> returning(candidates.stream()
                        .filter(session -> isOf(caller, session) && wasListening(session))
                        .toList())));
    }

    private static boolean wasListening(Session session) {
        return session.owner().transport() == Session.Transport.LEGACY
                && !session.presence().changed().equals(Instant.EPOCH);
    }

    /** The one whose client is not listening any more, by its node's own word; none if there are several. */
    private Future<Optional<Session>> returning(List<Session> candidates) {
        List<Future<Boolean>> detached =
                candidates.stream().map(pipes::isDetached).toList();
        if (detached.isEmpty()) {
            return Future.succeededFuture(Optional.empty());
        }
        return Future.all(detached).map(known -> {
            List<Session> lost = IntStream.range(0, candidates.size())
                    .filter(which -> detached.get(which).result())
                    .mapToObj(candidates::get)
                    .toList();
            return lost.size() == 1 ? Optional.of(lost.get(0)) : Optional.empty();
        });
    }

    @Override
    public Future<Optional<Session>> byKey(Caller caller, String key) {
        return means.store().byKey(caller.principal(), caller.upstream(), key);
    }

    // ---- clients without sessions

    @Override
    public Future<Session> borrow(Session.Owner owner, String upstream) {
        return Home.bring(spares.borrow(owner, upstream));
    }

    @Override
    public void giveBack(Session session) {
        spares.giveBack(session);
    }

    // ---- the end

    @Override
    public Future<Void> close(Caller caller, String id) {
        return Home.bring(find(caller, id).compose(session -> close(session, "deleted")));
    }

    Future<Void> close(Session session, String why) {
        Conversation here = conversation(session);
        return means.store().remove(session.id()).compose(removed -> {
            pipes.ended(session);
            return end(here, why);
        });
    }

    /** The session is gone from the store: what is left of it here goes too. */
    Future<Void> end(Conversation conversation, String why) {
        forget(conversation);
        means.metrics().sessionClosed(why);
        return Future.join(conversation.close(), means.hub().remove(Session.stream(conversation.id())))
                .otherwiseEmpty()
                .mapEmpty();
    }

    // ---- from the gateway itself

    @Override
    public Future<Void> tell(String id, Message message) {
        return broadcast.tell(id, message);
    }

    @Override
    public Future<Long> tellAll(Message message) {
        return Home.bring(broadcast.tellAll(message));
    }

    Means means() {
        return means;
    }

    void sweepSpares() {
        spares.sweep();
    }

    @Override
    public int held() {
        return conversations.size();
    }
}
