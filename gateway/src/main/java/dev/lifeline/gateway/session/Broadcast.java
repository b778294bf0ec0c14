package dev.lifeline.gateway.session;

import dev.lifeline.event.Event;
import dev.lifeline.gateway.rpc.Message;
import io.vertx.core.Future;
import java.util.List;

/** What the gateway itself has to say to clients: to one session, or to all there are. */
final class Broadcast {

    private final Means means;

    Broadcast(Means means) {
        this.means = means;
    }

    Future<Void> tell(String id, Message message) {
        return means.store()
                .find(id)
                .compose(found -> found.isPresent() ? publish(id, message) : Future.failedFuture(new UnknownSession()));
    }

    private Future<Void> publish(String id, Message message) {
        return means.hub()
                .publish(Session.stream(id), List.of(new Event(Sessions.MESSAGE, message.text())), null)
                .mapEmpty();
    }

    /** Says to how many it was said. */
    Future<Long> tellAll(Message message) {
        return tellFrom(null, message, 0);
    }

    private Future<Long> tellFrom(String from, Message message, long told) {
        return means.store().ids(from).compose(page -> {
            List<Future<Void>> sent =
                    page.ids().stream().map(id -> publish(id, message)).toList();
            long soFar = told + sent.size();
            Future<Void> all =
                    sent.isEmpty() ? Future.succeededFuture() : Future.all(sent).mapEmpty();
            return all.compose(done ->
                    page.next() == null ? Future.succeededFuture(soFar) : tellFrom(page.next(), message, soFar));
        });
    }
}
