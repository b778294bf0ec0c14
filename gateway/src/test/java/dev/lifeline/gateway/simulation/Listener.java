package dev.lifeline.gateway.simulation;

import dev.lifeline.event.Cursor;
import dev.lifeline.gateway.stream.Start;

/** A client of a channel: it reads, loses its connection, and comes back to any node with what it has. */
final class Listener extends Guest {

    private final String channel;
    private Ear ear;
    private Cursor cursor;
    private String lastNode;
    private boolean connecting;

    Listener(Simulation.Ground ground, String name, String channel) {
        super(ground, name);
        this.channel = channel;
    }

    void connect() {
        if (connecting || ear != null && ear.isOpen()) {
            return;
        }
        connecting = true;
        Node node = anyNode();
        tryFor(node, this::attach, () -> {
            connecting = false;
            connect();
        });
    }

    private void attach(Node node) {
        connecting = false;
        noteResume(node);
        Ear mine = new Ear(ground, node, name, channel, false);
        ear = mine.after(cursor).whenEnded(how -> lost(mine));
        watch(mine);
        ground.history().opened(mine);
        Start start = cursor == null ? Start.TAIL : new Start(Start.Kind.AFTER, cursor);
        mine.feedFrom(node.attach(channel, Ear.SHARED, start, mine));
    }

    private void noteResume(Node node) {
        if (cursor != null && !node.name().equals(lastNode)) {
            ground.met().note(Met.Case.RESUMED_ON_ANOTHER_NODE);
        }
        lastNode = node.name();
    }

    private void lost(Ear which) {
        if (which == ear) {
            cursor = which.cursor();
            later(this::connect);
        }
    }

    /** Goes away for a while, or loses its connection without anybody's noticing. */
    void stray() {
        if (ear == null || !ear.isOpen()) {
            return;
        }
        Ear old = ear;
        ear = null;
        if (ground.world().chance(0.5)) {
            old.leave();
        } else {
            old.vanish();
        }
        cursor = old.cursor();
        later(this::connect);
    }

    boolean isAtTail() {
        Cursor tail = ground.redis().tail(channel);
        return ear != null && ear.isOpen() && (tail == null || tail.equals(ear.cursor()));
    }

    void requireAtTail() {
        Cursor tail = ground.redis().tail(channel);
        ground.history()
                .requireThat(
                        isAtTail(),
                        () -> name + " never got to " + tail + " of " + channel + ": " + ear + " is "
                                + (ear == null ? "" : ear.state() + ", client at " + ear.cursor()));
    }
}
