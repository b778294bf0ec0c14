package dev.lifeline.gateway.client;

import io.vertx.core.Context;
import io.vertx.core.Vertx;

/** Brings work to the context it belongs to: at once where that is here already. */
public final class Here {

    private Here() {}

    public static void run(Context context, Runnable work) {
        if (Vertx.currentContext() == context) {
            work.run();
        } else {
            context.runOnContext(there -> work.run());
        }
    }
}
