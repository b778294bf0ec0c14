package dev.lifeline.gateway.mcp;

import dev.lifeline.gateway.session.Caller;
import dev.lifeline.gateway.session.Session;
import io.vertx.ext.web.RoutingContext;
import java.util.function.Function;

/**
 * A request at one upstream's legacy door.
 *
 * @param endpoint the path to post to, as the client sees it
 * @param owner whose a session opened by it is, given the client's key
 */
record Arrival(Caller caller, String endpoint, Function<String, Session.Owner> owners) {

    static Arrival of(RoutingContext context, Reception reception, Door door) {
        return new Arrival(
                reception.caller(context, door.upstream()),
                door.endpoint(),
                key -> reception.owner(context, Session.Transport.LEGACY, key));
    }

    Session.Owner owner(String key) {
        return owners.apply(key);
    }
}
