package dev.lifeline.gateway.mcp;

import dev.lifeline.event.CloseReason;
import dev.lifeline.event.Cursor;
import dev.lifeline.gateway.connection.Connection;
import dev.lifeline.gateway.log.Gap;
import dev.lifeline.gateway.session.Session;
import dev.lifeline.gateway.session.Sessions;
import dev.lifeline.gateway.stream.Frames;
import dev.lifeline.gateway.stream.Outlet;
import dev.lifeline.gateway.stream.Subscription;
import io.netty.channel.EventLoop;

/**
 * A client listening to its session's own stream: a connection, and the session told that it came, how far it got, and
 * that it went. Whoever comes back without a word about where it was is served by what was told.
 */
final class Attendance implements Outlet {

    private final Sessions sessions;
    private final Session session;
    private final Connection connection;
    private final EventLoop loop;
    private Subscription subscription;

    Attendance(Sessions sessions, Session session, Connection connection, EventLoop loop) {
        this.sessions = sessions;
        this.session = session;
        this.connection = connection;
        this.loop = loop;
    }

    /** Begins, with the subscription that feeds it, as one of those that are open. */
    void begin(Subscription source, Attendances among) {
        subscription = source;
        connection.feedFrom(source);
        sessions.arrived(session);
        connection.whenClosed(reason -> {
            // Where a newer one of this node has its place, the client has not left.
            if (among.remove(session.id(), this)) {
                sessions.left(session, written(), reason);
            }
        });
    }

    /** How far it got, or null where it got nothing and nobody could say where it stood. */
    private String written() {
        return subscription.cursor() == null ? null : subscription.cursor().toString();
    }

    /** From any thread. */
    void end(CloseReason reason) {
        loop.execute(() -> connection.end(reason));
    }

    @Override
    public void write(Frames frames) {
        connection.write(frames);
        if (subscription != null) {
            sessions.wrote(session, written());
        }
    }

    @Override
    public boolean writable() {
        return connection.writable();
    }

    @Override
    public void whenWritable(Runnable resume) {
        connection.whenWritable(resume);
    }

    @Override
    public void position(Cursor cursor) {
        connection.position(cursor);
    }

    @Override
    public void gap(Gap gap) {
        connection.gap(gap);
    }

    @Override
    public void finished() {
        connection.finished();
    }

    @Override
    public void superseded() {
        connection.superseded();
    }

    @Override
    public void broken() {
        connection.broken();
    }
}
