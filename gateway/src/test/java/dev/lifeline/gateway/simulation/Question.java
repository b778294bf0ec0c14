package dev.lifeline.gateway.simulation;

import dev.lifeline.event.Cursor;
import dev.lifeline.event.Event;
import dev.lifeline.gateway.rpc.Message;
import dev.lifeline.gateway.session.Session;
import dev.lifeline.gateway.session.UnknownSession;
import dev.lifeline.gateway.stream.Start;
import java.util.List;

/** One request of a client's, and what it does to get its outcome. */
final class Question extends Guest {

    private static final String NOT_RUN = "\"code\":-32010";
    private static final String MAY_HAVE_RUN = "\"code\":-32011";

    private final Asker asker;
    private final String session;
    private final String id;
    private final String stream;
    private final Message request;
    private boolean missed;
    private boolean accepted;
    private boolean safe;
    private boolean abandoned;
    private boolean answered;
    private Cursor cursor;
    private Ear ear;
    private boolean comingBack;
    private int tries;
    private String lastNode;

    Question(Simulation.Ground ground, Asker asker, String session) {
        super(ground, "q" + ground.number());
        this.asker = asker;
        this.session = session;
        this.id = name.substring(1);
        this.stream = Session.stream(session, name);
        boolean reads = ground.world().chance(0.3);
        this.request = Node.READER.readOne("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\""
                + (reads ? "resources/read" : "tools/call") + "\",\"params\":{\"name\":\"pay\"}}");
    }

    void ask() {
        tryFor(anyNode(), this::ask, () -> {});
    }

    private void ask(Node node) {
        ground.history().tell(() -> name + " asks " + node.id() + " " + request.text());
        safe = !ground.history().lostAnything();
        node.sessions().accept(Asker.CALLER, session, List.of(request), stream).onComplete(taken -> {
            ground.history().tell(() -> name + (taken.succeeded() ? " is taken" : " is refused: " + taken.cause()));
            if (taken.succeeded()) {
                accepted = true;
                attach(node, Start.OLDEST);
            } else if (taken.cause() instanceof UnknownSession && session.equals(asker.session())) {
                asker.over();
            }
        });
    }

    private void attach(Node node, Start start) {
        comingBack = false;
        if (cursor != null && !node.name().equals(lastNode)) {
            ground.met().note(Met.Case.RESUMED_ON_ANOTHER_NODE);
        }
        lastNode = node.name();
        missed |= ear != null && ear.missed();
        Ear mine = new Ear(ground, node, name, stream, true);
        ear = mine.after(cursor).whenHeard(this::heard).whenEnded(how -> ended(mine, how));
        watch(mine);
        ground.history().opened(mine);
        mine.feedFrom(node.attach(stream, Ear.EXCLUSIVE, start, mine));
        if (ground.world().chance(0.1)) {
            later(() -> stray(mine));
        }
    }

    private void stray(Ear which) {
        if (which == ear && which.isOpen() && !answered) {
            missed |= which.missed();
            ear = null;
            which.vanish();
            cursor = which.cursor();
            comeBack();
        }
    }

    private void heard(Event event) {
        ground.history().requireThat(!answered, () -> name + " was answered twice");
        answered = event.data().contains("\"id\":" + id + ",");
        if (answered) {
            ground.met()
                    .note(
                            event.data().contains(NOT_RUN)
                                    ? Met.Case.OUTCOME_NOT_RUN
                                    : event.data().contains(MAY_HAVE_RUN)
                                            ? Met.Case.OUTCOME_MAY_HAVE_RUN
                                            : Met.Case.ANSWERED);
        }
    }

    private void ended(Ear which, Ear.End how) {
        if (which != ear || abandoned) {
            return;
        }
        if (how == Ear.End.FINISHED) {
            if (ground.world().chance(0.5)) {
                which.node().hub().remove(stream);
            }
        } else if (!answered) {
            cursor = which.cursor();
            later(this::comeBack);
        }
    }

    /** A client that has been told where it stands asks for the rest; others have nothing to ask with. */
    private void comeBack() {
        if (cursor == null || abandoned || answered || comingBack) {
            return;
        }
        comingBack = true;
        tryFor(anyNode(), this::look, this::tryAgain);
        // A node that dies meanwhile says nothing any more.
        int turn = ++tries;
        ground.world().after(3_000_000_000L, Life.ETERNAL, () -> {
            if (turn == tries && comingBack) {
                tryAgain();
            }
        });
    }

    private void tryAgain() {
        comingBack = false;
        later(this::comeBack);
    }

    private void look(Node node) {
        Cursor from = cursor;
        node.sessions()
                .find(Asker.CALLER, session)
                .compose(found -> node.sessions().isWaiting(found, stream))
                .compose(waiting -> node.log().read(stream, from, 1).map(page -> {
                    if (!comingBack) {
                        return page;
                    }
                    if (page.gap() == null && (waiting || !page.events().isEmpty())) {
                        attach(node, new Start(Start.Kind.AFTER, from));
                    } else {
                        requireNothingWasOwed(page.gap() != null);
                    }
                    return page;
                }))
                .onFailure(failure -> {
                    if (failure instanceof Violation) {
                        throw (Violation) failure;
                    }
                    if (!(failure instanceof UnknownSession)) {
                        tryAgain();
                    }
                });
    }

    private void requireNothingWasOwed(boolean gap) {
        ground.history()
                .requireThat(
                        answered
                                || gap
                                || missed
                                || ear != null && ear.missed()
                                || ground.history().lostAnything()
                                || !session.equals(asker.session()),
                        () -> name + " came back for its answer, and there was nothing to wait for");
        comingBack = false;
    }

    /** Its session is over: nothing is owed any more. */
    void abandon() {
        abandoned = true;
    }

    private List<Event> outcomes() {
        return ground.history().landed(stream).stream()
                .filter(event -> event.data().contains("\"id\":" + id + ","))
                .toList();
    }

    private boolean isOwed() {
        return accepted && safe && !abandoned && !ground.history().lostAnything();
    }

    boolean hasWhatItIsOwed() {
        boolean waits = ear != null && ear.isOpen() || comingBack;
        return (!isOwed() || !outcomes().isEmpty()) && (answered || !waits);
    }

    void requireOutcome() {
        List<Event> outcomes = outcomes();
        int runs = ground.history().executions(id);
        ground.history().requireThat(outcomes.size() <= 1, () -> name + " has several outcomes: " + outcomes);
        boolean owed = isOwed();
        ground.history().requireThat(!owed || outcomes.size() == 1, () -> name + " was accepted and has no outcome");
        outcomes.forEach(outcome -> {
            boolean said = outcome.data().contains(NOT_RUN);
            boolean reads = !request.method().equals("tools/call");
            ground.history().requireThat(!said || runs == 0 || reads, () -> name + " is said not to have run, and did");
            boolean result = outcome.data().contains("\"result\"");
            ground.history().requireThat(!result || runs > 0, () -> name + " has a result without a run");
        });
        if (runs > 1) {
            ground.met().note(Met.Case.REPEATED_SAFELY);
        }
    }
}
