package dev.lifeline.gateway.simulation;

import dev.lifeline.event.CloseReason;
import dev.lifeline.event.Cursor;
import dev.lifeline.event.Event;
import dev.lifeline.gateway.rpc.Message;
import dev.lifeline.gateway.session.Caller;
import dev.lifeline.gateway.session.Session;
import dev.lifeline.gateway.session.UnknownSession;
import dev.lifeline.gateway.stream.Start;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An MCP client: begins a session, listens to its stream, asks, and does all of it by way of whichever node it finds; what
 * it loses it comes back for.
 */
final class Asker extends Guest {

    static final Caller CALLER = new Caller("ann", Node.UPSTREAM);
    private static final Pattern SAID = Pattern.compile("\"of\":\"(u\\d+)\",\"n\":(\\d+)");

    private static final Session.Owner OWNER = new Session.Owner("ann", Session.Transport.STREAMABLE, "10.0.0.1", null);
    private static final Message INITIALIZE =
            Node.READER.readOne("{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"initialize\",\"params\":{"
                    + "\"protocolVersion\":\"2025-11-25\",\"capabilities\":{},"
                    + "\"clientInfo\":{\"name\":\"simulated\",\"version\":\"1\"}}}");

    private final List<Question> questions = new ArrayList<>();
    private String session;
    private boolean beginning;
    private boolean listening;
    private int looks;
    private Ear ear;
    private Cursor cursor;
    private String lastNode;
    private Node presentAt;

    Asker(Simulation.Ground ground, String name) {
        super(ground, name);
    }

    String session() {
        return session;
    }

    // ---- the session

    void begin() {
        if (beginning || session != null) {
            return;
        }
        beginning = true;
        tryFor(
                anyNode(),
                node -> node.sessions().begin(OWNER, Node.UPSTREAM, INITIALIZE).onComplete(begun -> {
                    beginning = false;
                    if (begun.succeeded() && begun.result().session().isPresent()) {
                        session = begun.result().session().get().id();
                        ground.history().tell(() -> name + " has session " + session);
                        listen();
                    } else {
                        later(this::begin);
                    }
                }),
                () -> {
                    beginning = false;
                    later(this::begin);
                });
        // A node that dies meanwhile says nothing any more.
        ground.world().after(3_000_000_000L, Life.ETERNAL, () -> {
            if (beginning && session == null) {
                beginning = false;
                begin();
            }
        });
    }

    /** The gateway says that there is no such session: the client begins anew. */
    void over() {
        ground.history().tell(() -> name + "'s session is over");
        session = null;
        cursor = null;
        ear = null;
        listening = false;
        questions.forEach(Question::abandon);
        questions.clear();
        later(this::begin);
    }

    // ---- its own stream

    void listen() {
        if (session == null || listening || ear != null && ear.isOpen()) {
            return;
        }
        listenAgain();
    }

    private void look(Node node, String mine) {
        node.sessions().find(CALLER, mine).onComplete(found -> {
            if (!mine.equals(session) || !listening) {
                return;
            }
            if (found.succeeded()) {
                probe(node, found.result());
            } else {
                listening = false;
                if (found.cause() instanceof UnknownSession) {
                    over();
                } else {
                    later(this::listen);
                }
            }
        });
    }

    private void probe(Node node, Session found) {
        if (cursor == null) {
            Optional<Cursor> written =
                    Optional.ofNullable(found.presence().written()).flatMap(Cursor::parse);
            written.ifPresent(known -> ground.met().note(Met.Case.RESUMED_WITHOUT_A_CURSOR));
            attach(
                    node,
                    found,
                    written.map(known -> new Start(Start.Kind.AFTER, known)).orElse(Start.OLDEST));
            return;
        }
        Cursor from = cursor;
        node.log().read(found.stream(), from, 1).onComplete(page -> {
            if (!found.id().equals(session) || !listening) {
                return;
            }
            if (page.failed()) {
                listening = false;
                later(this::listen);
            } else if (page.result().gap() != null) {
                // 400: this client begins without a cursor.
                cursor = null;
                listening = false;
                later(this::listen);
            } else {
                attach(node, found, new Start(Start.Kind.AFTER, from));
            }
        });
    }

    private void attach(Node node, Session found, Start start) {
        listening = false;
        if (cursor != null && !node.name().equals(lastNode)) {
            ground.met().note(Met.Case.RESUMED_ON_ANOTHER_NODE);
        }
        if (ear != null && ear.node().isUp() && ear.node() != node) {
            ground.met().note(Met.Case.OLD_OWNER_ALIVE);
        }
        lastNode = node.name();
        presentAt = node;
        Ear mine = new Ear(ground, node, name, found.stream(), true);
        ear = mine.after(start.kind() == Start.Kind.AFTER ? start.cursor() : null)
                .whenEnded(how -> lost(mine, found, how))
                .whenWritten(at -> node.sessions().wrote(found, at.toString()));
        watch(mine);
        ground.history().opened(mine);
        mine.feedFrom(node.attach(found.stream(), Ear.EXCLUSIVE, start, mine));
        node.sessions().arrived(found);
    }

    private void lost(Ear which, Session found, Ear.End how) {
        boolean replacedHere = how == Ear.End.SUPERSEDED && presentAt == which.node() && which != ear;
        if (which.node().isUp() && !replacedHere) {
            String written = which.cursor() == null ? null : which.cursor().toString();
            which.node().sessions().left(found, written, CloseReason.CLIENT_LEFT);
        }
        if (which == ear && found.id().equals(session)) {
            cursor = which.cursor();
            later(this::listen);
        }
    }

    void stray() {
        if (ear == null || !ear.isOpen()) {
            return;
        }
        Ear old = ear;
        if (ground.world().chance(0.4)) {
            old.leave();
            return;
        }
        // It comes back before anybody has noticed that it was gone.
        if (ground.world().chance(0.6)) {
            old.vanish();
        }
        cursor = ground.world().chance(0.8) ? old.cursor() : null;
        listenAgain();
    }

    private void listenAgain() {
        if (session != null && !listening) {
            listening = true;
            int turn = ++looks;
            String mine = session;
            tryFor(anyNode(), node -> look(node, mine), () -> {
                listening = false;
                later(this::listen);
            });
            // A node that dies meanwhile says nothing any more.
            ground.world().after(3_000_000_000L, Life.ETERNAL, () -> {
                if (listening && turn == looks) {
                    listening = false;
                    listenAgain();
                }
            });
        }
    }

    // ---- what it asks

    void ask() {
        if (session != null) {
            Question question = new Question(ground, this, session);
            questions.add(question);
            question.ask();
        }
    }

    void close() {
        String mine = session;
        if (mine != null) {
            tryFor(
                    anyNode(),
                    node -> node.sessions().close(CALLER, mine).onSuccess(closed -> {
                        if (mine.equals(session)) {
                            over();
                        }
                    }),
                    () -> {});
        }
    }

    @Override
    void died(Node node) {
        super.died(node);
        questions.forEach(question -> question.died(node));
    }

    // ---- in the end

    boolean isDone() {
        return session != null && isAtTail() && questions.stream().allMatch(Question::hasWhatItIsOwed);
    }

    private boolean isAtTail() {
        Cursor tail = ground.redis().tail(Session.stream(session));
        return ear != null && ear.isOpen() && (tail == null || tail.equals(ear.cursor()));
    }

    void requireAllAnswered() {
        questions.forEach(Question::requireOutcome);
    }

    void requireAtTail() {
        if (session == null) {
            return;
        }
        String stream = Session.stream(session);
        Cursor tail = ground.redis().tail(stream);
        ground.history()
                .requireThat(
                        isAtTail(),
                        () -> name + " never got to " + tail + " of its stream: " + ear + " is "
                                + (ear == null ? "not there" : ear.state() + ", client at " + ear.cursor()));
    }

    /**
     * Of what an upstream says of its own accord to one node nothing comes before what it said before. What it told one
     * node, whose connection then broke, may come after what it told the next; and what had been kept once and is told
     * again when nobody can remember it is a repetition. Where Redis lost its tail, numbers may stand for something else.
     */
    void requireOrder() {
        if (session == null || ground.history().lostAnything()) {
            return;
        }
        Map<String, Integer> last = new HashMap<>();
        Set<Event> known = new HashSet<>();
        for (Event event : ground.history().everLanded(Session.stream(session))) {
            Matcher said = SAID.matcher(event.data());
            if (known.add(event) && said.find()) {
                int n = Integer.parseInt(said.group(2));
                String who = said.group(1) + " to " + ground.history().publisher(event);
                int before = last.getOrDefault(who, 0);
                ground.history().requireThat(n > before, () -> who + " said " + n + " after " + before);
                last.put(who, n);
            }
        }
    }
}
