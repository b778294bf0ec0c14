package dev.lifeline.gateway.upstream;

import io.vertx.core.Context;
import io.vertx.core.Vertx;

/** Brings work to the context it belongs to: at once where that is here already. */
final class Here {

    private Here() {}

    static void run(Context context, Runnable work) {
        if (Vertx.currentContext() == context) {
            work.run();
        } else {
            context.runOnContext(there -> work.run());
        }
    }
}
