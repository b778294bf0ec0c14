package dev.lifeline.gateway.session;

import dev.lifeline.event.Event;
import dev.lifeline.gateway.rpc.Message;
import dev.lifeline.gateway.rpc.RpcError;
import dev.lifeline.gateway.time.Time;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What one node asks another to do for a session: what only the holder of its link can. A question that nobody heard is
 * asked again until the holder answers or counts as dead; then this node takes its place.
 */
final class Pipes {

    private static final String ACCEPT = "accept";
    private static final String LISTEN = "listen";
    private static final String ENDED = "ended";
    private static final String PRESENT = "present";
    private static final String CANCEL = "cancel";

    /** A client that comes back waits for this answer, so a node that is slow to give it is taken not to have it. */
    private static final Duration PRESENCE = Duration.ofSeconds(2);

    private final Means means;
    private final NodeSessions sessions;

    Pipes(Means means, NodeSessions sessions) {
        this.means = means;
        this.sessions = sessions;
        means.courier().answer(ACCEPT, (from, question) -> acceptHere(new JsonObject(question)));
        means.courier().answer(LISTEN, (from, session) -> listenHere(session));
        means.courier().answer(ENDED, (from, session) -> endHere(session));
        means.courier().answer(CANCEL, (from, question) -> cancelHere(new JsonObject(question)));
        means.courier()
                .answer(PRESENT, (from, session) -> Future.succeededFuture(isPresentHere(session) ? "yes" : "no"));
    }

    /** Where a session's messages go out: here, unless somebody else holds the only way. */
    String nodeFor(Conversation conversation) {
        String holder = conversation.hold().state().holder();
        boolean elsewhere = holder != null
                && !conversation.hold().isReachableFromHere()
                && !holder.equals(means.node())
                && means.isAlive(holder);
        return elsewhere ? holder : means.node();
    }

    // ---- messages for a pipe that another node holds

    /** Has the holder pass messages on. Succeeds at once: what becomes of requests is told in their stream. */
    Future<Void> pass(
            String holder, Conversation conversation, List<Message> messages, List<Exchange> opened, String stream) {
        ask(new Parcel(holder, conversation, messages, opened, stream), 1);
        return Future.succeededFuture();
    }

    private record Parcel(
            String holder, Conversation conversation, List<Message> messages, List<Exchange> opened, String stream) {

        String text() {
            JsonArray texts = new JsonArray();
            messages.forEach(message -> texts.add(message.text()));
            JsonArray keys = new JsonArray();
            opened.forEach(exchange -> keys.add(exchange.key()));
            return new JsonObject()
                    .put("session", conversation.id())
                    .put("stream", stream)
                    .put("messages", texts)
                    .put("keys", keys)
                    .encode();
        }
    }

    private void ask(Parcel parcel, int tries) {
        means.courier().ask(parcel.holder(), ACCEPT, parcel.text()).onFailure(failure -> {
            boolean heard =
                    !(failure instanceof LinkFailure known) || known.ending().mayHaveRun();
            if (heard) {
                giveUp(parcel, RpcError.MAY_HAVE_RUN, "the node that talks to the upstream did not answer");
            } else if (!means.isAlive(parcel.holder())) {
                takePlace(parcel);
            } else if (waitedLongEnough(tries)) {
                giveUp(parcel, RpcError.NOT_RUN, "the node that talks to the upstream cannot be reached");
            } else {
                parcel.conversation().later(tries, () -> ask(parcel, tries + 1));
            }
        });
    }

    private boolean waitedLongEnough(int tries) {
        long waited = IntStream.range(1, tries)
                .mapToLong(nth -> means.settings().pause().apply(nth).toMillis())
                .sum();
        return waited > means.settings().patience().toMillis();
    }

    private void takePlace(Parcel parcel) {
        List<Exchange> mine = parcel.opened().stream()
                .map(exchange -> exchange.at(means.node()))
                .toList();
        Session session = parcel.conversation().session();
        means.store()
                .accept(session.id(), mine, means.settings().life(session))
                .onSuccess(fresh -> sessions.pass(parcel.conversation(), parcel.messages(), mine, parcel.stream()))
                .onFailure(away -> giveUp(parcel, RpcError.NOT_RUN, "the node that talked to the upstream is gone"));
    }

    private void giveUp(Parcel parcel, int code, String why) {
        Conversation conversation = parcel.conversation();
        boolean finite = !parcel.stream().equals(Session.stream(conversation.id()));
        Post post = new Post(parcel.stream(), finite, parcel.opened().size());
        for (Exchange exchange : parcel.opened()) {
            String text = RpcError.answer(exchange.id(), code, why, null);
            conversation
                    .publisher()
                    .publish(parcel.stream(), new Event(post.outcome(), text), "x" + exchange.key())
                    .onComplete(landed -> conversation.settle(exchange));
        }
    }

    private Future<String> acceptHere(JsonObject parcel) {
        String id = parcel.getString("session");
        String stream = parcel.getString("stream");
        List<Message> messages = parcel.getJsonArray("messages").stream()
                .map(text -> means.reader().readOne((String) text))
                .toList();
        return here(id).compose(conversation -> {
            List<Exchange> opened = opened(conversation, messages, parcel.getJsonArray("keys"), stream);
            Parcel taken = new Parcel(means.node(), conversation, messages, opened, stream);
            return take(taken, 1)
                    .compose(noted -> noted ? sessions.pass(conversation, messages, opened, stream) : refuse(taken))
                    .map("");
        });
    }

    /**
     * From now on they are this node's: whoever survives the one that asked must not answer for them. What failed may have
     * been noted all the same, so it is tried until it is known to be.
     */
    private Future<Boolean> take(Parcel parcel, int tries) {
        if (parcel.opened().isEmpty()) {
            return Future.succeededFuture(true);
        }
        Session session = parcel.conversation().session();
        return means.store()
                .accept(session.id(), parcel.opened(), means.settings().life(session))
                .transform(noted -> {
                    if (noted.succeeded() || waitedLongEnough(tries)) {
                        return Future.succeededFuture(noted.succeeded());
                    }
                    Promise<Boolean> again = Promise.promise();
                    parcel.conversation()
                            .later(tries, () -> take(parcel, tries + 1).onComplete(again));
                    return again.future();
                });
    }

    private Future<Void> refuse(Parcel parcel) {
        giveUp(parcel, RpcError.NOT_RUN, "the node that talks to the upstream could not take the request");
        return Future.succeededFuture();
    }

    private List<Exchange> opened(Conversation conversation, List<Message> messages, JsonArray keys, String stream) {
        List<Exchange> opened = new ArrayList<>();
        for (Message message : messages) {
            if (message.isRequest()) {
                String key = keys.getString(opened.size());
                opened.add(sessions.exchange(key, conversation, message, stream, means.node()));
            }
        }
        return opened;
    }

    /** The part this node has in a session it was asked about; the asking node has looked who may. */
    private Future<Conversation> here(String id) {
        Conversation known = sessions.known(id);
        if (known != null) {
            return Future.succeededFuture(known);
        }
        return means.store()
                .involve(means.node(), id)
                .compose(noted -> means.store().find(id))
                .map(found -> sessions.conversation(found.orElseThrow(UnknownSession::new)));
    }

    // ---- requests that are taken back

    /**
     * Ends the pursuit of a request, whichever node is at it: the word came to this one by chance. If the other does not
     * hear, the upstream's own word on it ends the request.
     */
    void cancel(Conversation conversation, String rpcId) {
        if (conversation.cancel(rpcId)) {
            return;
        }
        means.store()
                .open(conversation.id())
                .onSuccess(open -> open.stream()
                        .filter(exchange ->
                                exchange.id().equals(rpcId) && !exchange.node().equals(means.node()))
                        .forEach(exchange ->
                                means.courier().ask(exchange.node(), CANCEL, cancelled(conversation, rpcId))));
    }

    private static String cancelled(Conversation conversation, String rpcId) {
        return new JsonObject()
                .put("session", conversation.id())
                .put("id", rpcId)
                .encode();
    }

    private Future<String> cancelHere(JsonObject cancelled) {
        Conversation known = sessions.known(cancelled.getString("session"));
        boolean pursued = known != null && known.cancel(cancelled.getString("id"));
        return Future.succeededFuture(pursued ? "yes" : "no");
    }

    // ---- the standing stream

    /** A client of the session listens on this node: see that the upstream is listened to. */
    void attend(Conversation conversation) {
        Hold hold = conversation.hold();
        LinkState state = hold.state();
        hold.attend();
        if (!state.isOpen() || hold.isHeldHere()) {
            return;
        }
        if (state.holder() == null || !means.isAlive(state.holder())) {
            hold.inherit().onSuccess(inherited -> attendAtLast(conversation));
        } else {
            means.courier().ask(state.holder(), LISTEN, conversation.id()).onFailure(away -> replace(conversation));
        }
    }

    /** Of several that inherit one becomes the holder, and that one has to listen. */
    private void attendAtLast(Conversation conversation) {
        Hold hold = conversation.hold();
        hold.attend();
        String holder = hold.state().holder();
        if (holder != null && !hold.isHeldHere()) {
            means.courier().ask(holder, LISTEN, conversation.id());
        }
    }

    /**
     * The holder cannot be asked: it is dead and its lease has not lapsed yet, or the bus is not up. Over HTTP this node
     * can listen itself; should both do so for a while, what they hear lands once.
     */
    private void replace(Conversation conversation) {
        if (conversation.hold().isReachableFromHere()) {
            means.store()
                    .find(conversation.id())
                    .onSuccess(found -> found.ifPresent(fresh -> {
                        conversation.update(fresh);
                        conversation.hold().inherit().onSuccess(inherited -> attendAtLast(conversation));
                    }));
        }
    }

    /**
     * Whether a session's client listens nowhere any more. The store knows of links that ended; of one that died with its
     * node, only that nobody answers there.
     */
    Future<Boolean> isDetached(Session session) {
        Session.Presence presence = session.presence();
        if (!presence.listening() || !means.isAlive(presence.node())) {
            return Future.succeededFuture(true);
        }
        if (presence.node().equals(means.node())) {
            return Future.succeededFuture(!isPresentHere(session.id()));
        }
        Promise<String> word = Promise.promise();
        Time.Alarm late = means.time().after(PRESENCE, () -> word.tryFail("no answer"));
        means.courier()
                .ask(presence.node(), PRESENT, session.id())
                .onComplete(told -> late.cancel())
                .onSuccess(word::tryComplete)
                .onFailure(word::tryFail);
        return word.future().compose(told -> Future.succeededFuture("no".equals(told)), unheard -> isForsaken(session));
    }

    /**
     * Whether a session's client is at a node that has fallen silent. One that only cannot be asked may well have it, and who
     * comes from the same place is somebody else then.
     */
    private Future<Boolean> isForsaken(Session session) {
        return means.courier()
                .isSilent(session.presence().node())
                .compose(silent -> silent
                        ? Future.succeededFuture(true)
                        : means.store()
                                .find(session.id())
                                .map(now -> now.filter(
                                                known -> !known.presence().listening())
                                        .isPresent()));
    }

    private boolean isPresentHere(String session) {
        Conversation known = sessions.known(session);
        return known != null && known.isPresent();
    }

    private Future<String> listenHere(String id) {
        return here(id).map(conversation -> {
            conversation.hold().attend();
            return "";
        });
    }

    // ---- the end

    /** Tells the nodes that have the larger parts; the others find out by themselves. */
    void ended(Session session) {
        tell(session.link().holder(), session.id());
        if (session.presence().listening()
                && !session.presence().node().equals(session.link().holder())) {
            tell(session.presence().node(), session.id());
        }
    }

    private void tell(String node, String id) {
        if (node != null && !node.equals(means.node())) {
            means.courier().ask(node, ENDED, id);
        }
    }

    private Future<String> endHere(String id) {
        Conversation known = sessions.known(id);
        Future<Void> ended = known == null ? means.hub().remove(Session.stream(id)) : sessions.end(known, "deleted");
        return ended.map("");
    }
}
