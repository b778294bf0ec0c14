package dev.lifeline.gateway.session;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;

/**
 * Brings results home: a door that asked on its event loop hears there, whatever thread an upstream or the store
 * answered on.
 */
final class Home {

    private Home() {}

    static <T> Future<T> bring(Future<T> away) {
        Context home = Vertx.currentContext();
        if (home == null || away.isComplete()) {
            return away;
        }
        Promise<T> arrived = Promise.promise();
        away.onComplete(done -> {
            if (Vertx.currentContext() == home) {
                arrived.handle(done);
            } else {
                home.runOnContext(there -> arrived.handle(done));
            }
        });
        return arrived.future();
    }
}
