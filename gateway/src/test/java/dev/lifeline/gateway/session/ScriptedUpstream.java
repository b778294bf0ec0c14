package dev.lifeline.gateway.session;

import dev.lifeline.gateway.rpc.Message;
import dev.lifeline.gateway.rpc.MessageReader;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;

/** An upstream that does what a test told it to, request by request; what it was not told it answers with its turn. */
final class ScriptedUpstream implements Upstream {

    /** What becomes of one request. */
    interface Turn extends BiConsumer<Message, Inbound> {}

    private static final MessageReader READER = new MessageReader(64);

    private final boolean anyNode;
    private final Map<String, Deque<Turn>> turns = new ConcurrentHashMap<>();
    private final Map<String, Inbound> standing = new ConcurrentHashMap<>();
    private final List<String> sent = new CopyOnWriteArrayList<>();
    private final List<String> closed = new CopyOnWriteArrayList<>();
    private final List<String> resumed = new CopyOnWriteArrayList<>();
    private final AtomicInteger opened = new AtomicInteger();
    private final AtomicInteger executed = new AtomicInteger();
    private volatile Ending openFails;
    private volatile boolean openRefuses;
    private volatile Promise<Void> opening;

    ScriptedUpstream(boolean anyNode) {
        this.anyNode = anyNode;
    }

    /** Answers with a result that tells how many requests were carried out. */
    Turn answer() {
        return (request, inbound) -> {
            inbound.received(result(request, executed.incrementAndGet()), null);
            inbound.ended(Ending.DONE);
        };
    }

    static Turn ends(Ending ending) {
        return (request, inbound) -> inbound.ended(ending);
    }

    static Message result(Message request, int turn) {
        return message("{\"jsonrpc\":\"2.0\",\"id\":" + request.id() + ",\"result\":{\"turn\":" + turn + "}}");
    }

    static Message message(String text) {
        return READER.readOne(text);
    }

    /** What becomes of the next requests of this method. */
    ScriptedUpstream on(String method, Turn... next) {
        turns.computeIfAbsent(method, name -> new ArrayDeque<>()).addAll(List.of(next));
        return this;
    }

    void openFails(Ending ending) {
        openFails = ending;
    }

    /** From now on nobody's introduction is answered. */
    void holdOpening() {
        opening = Promise.promise();
    }

    void goOnOpening() {
        opening.complete();
    }

    /** From now on introductions are answered with an error. */
    void openRefuses() {
        openRefuses = true;
    }

    int opened() {
        return opened.get();
    }

    int executed() {
        return executed.get();
    }

    /** Everything that reached it, requests and the rest, by method or "answer". */
    List<String> sent() {
        return sent;
    }

    List<String> closed() {
        return closed;
    }

    List<String> resumed() {
        return resumed;
    }

    /** Whoever listens to the conversation of this upstream session. */
    Inbound standing(String upstreamSession) {
        return standing.get(upstreamSession);
    }

    @Override
    public String name() {
        return "scripted";
    }

    @Override
    public boolean reachableFromAnyNode() {
        return anyNode;
    }

    @Override
    public Link link(String session, LinkState known) {
        return new ScriptedLink(known.upstreamSession());
    }

    @Override
    public Future<Void> close() {
        return Future.succeededFuture();
    }

    private final class ScriptedLink implements Link {

        private String name;

        ScriptedLink(String name) {
            this.name = name;
        }

        @Override
        public Future<Opened> open(Message initialize) {
            Ending failing = openFails;
            if (failing != null) {
                return Future.failedFuture(new LinkFailure(failing, "told to fail"));
            }
            if (openRefuses) {
                String error = "{\"jsonrpc\":\"2.0\",\"id\":" + initialize.id()
                        + ",\"error\":{\"code\":-32602,\"message\":\"not you\"}}";
                return Future.succeededFuture(new Opened(message(error), LinkState.NONE));
            }
            name = "u" + opened.incrementAndGet();
            sent.add("initialize");
            String text = "{\"jsonrpc\":\"2.0\",\"id\":" + initialize.id()
                    + ",\"result\":{\"protocolVersion\":\"2025-11-25\"}}";
            LinkState state = new LinkState(1, null, name, null, "2025-11-25", null);
            Opened done = new Opened(message(text), state);
            return opening == null
                    ? Future.succeededFuture(done)
                    : opening.future().map(done);
        }

        @Override
        public Future<Void> request(Message request, Inbound inbound) {
            sent.add(request.method());
            Deque<Turn> next = turns.getOrDefault(request.method(), new ArrayDeque<>());
            Turn turn = next.isEmpty() ? answer() : next.poll();
            turn.accept(request, inbound);
            return Future.succeededFuture();
        }

        @Override
        public void resume(String rpcId, String lastEventId, Inbound inbound) {
            resumed.add(rpcId + "@" + lastEventId);
            inbound.received(message("{\"jsonrpc\":\"2.0\",\"id\":" + rpcId + ",\"result\":{\"resumed\":true}}"), null);
            inbound.ended(Ending.DONE);
        }

        @Override
        public Future<Void> send(Message message) {
            sent.add(message.isAnswer() ? "answer" : message.method());
            return Future.succeededFuture();
        }

        @Override
        public void listen(String lastEventId, Inbound inbound) {
            standing.put(name, inbound);
        }

        @Override
        public void forget(String rpcId) {
            sent.add("forget " + rpcId);
        }

        @Override
        public Future<Void> close() {
            closed.add(String.valueOf(name));
            return Future.succeededFuture();
        }

        @Override
        public void release() {
            closed.add("released " + name);
        }
    }

    List<String> methods() {
        return new ArrayList<>(sent);
    }
}
