package dev.lifeline.gateway.upstream;

import dev.lifeline.gateway.rpc.Message;
import dev.lifeline.gateway.session.Ending;
import dev.lifeline.gateway.session.Inbound;
import dev.lifeline.gateway.session.LinkFailure;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;

/** Waits for the answer to {@code initialize}; nothing else is due before it, and what comes all the same is dropped. */
final class Greeting implements Inbound {

    private final Promise<Message> answer = Promise.promise();

    private final Vertx vertx;
    private final long timer;

    Greeting(Vertx vertx, Duration wait) {
        this.vertx = vertx;
        this.timer = vertx.setTimer(
                wait.toMillis(),
                late -> answer.tryFail(new LinkFailure(Ending.LOST, "the upstream did not answer in time")));
    }

    Future<Message> answer() {
        return answer.future();
    }

    @Override
    public Future<Void> received(Message message, String eventId) {
        if (message.isAnswer()) {
            vertx.cancelTimer(timer);
            answer.tryComplete(message);
        }
        return Future.succeededFuture();
    }

    @Override
    public void ended(Ending ending) {
        failed(new LinkFailure(ending, "the conversation was not begun"));
    }

    /** Fails with a reason, if nothing has come yet. */
    void failed(Throwable why) {
        vertx.cancelTimer(timer);
        answer.tryFail(why);
    }
}
