package dev.lifeline.gateway.simulation;

import dev.lifeline.event.Cursor;
import dev.lifeline.gateway.log.Append;
import dev.lifeline.gateway.log.Appended;
import dev.lifeline.gateway.log.Attach;
import dev.lifeline.gateway.log.Attached;
import dev.lifeline.gateway.log.Log;
import dev.lifeline.gateway.log.Page;
import io.vertx.core.Future;
import java.util.List;

/** The real log of a node; the history hears what is asked of it, and what it says. */
record WatchedLog(Log real, Node node, History history) implements Log {

    @Override
    public Future<Appended> append(Append append) {
        history.asked(node, append);
        return real.append(append).onComplete(done -> history.answered(node, append, done));
    }

    @Override
    public Future<Page> read(String stream, Cursor after, int limit) {
        return real.read(stream, after, limit);
    }

    @Override
    public Future<Attached> attach(Attach attach) {
        if (attach.claim() != null) {
            history.claimed(attach.stream(), attach.claim().reader(), node);
        }
        return real.attach(attach).onSuccess(answer -> history.attached(attach, answer));
    }

    @Override
    public Future<Void> detach(String stream) {
        return real.detach(stream);
    }

    @Override
    public Future<List<String>> remove(String stream, List<String> keys) {
        history.removed(stream);
        return real.remove(stream, keys);
    }

    @Override
    public Future<Void> acknowledge(String stream, Cursor upTo) {
        return real.acknowledge(stream, upTo);
    }

    @Override
    public boolean available() {
        return real.available();
    }

    @Override
    public Future<Void> close() {
        return real.close();
    }
}
