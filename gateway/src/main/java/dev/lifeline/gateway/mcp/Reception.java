package dev.lifeline.gateway.mcp;

import dev.lifeline.gateway.connection.Connections;
import dev.lifeline.gateway.connection.Visitor;
import dev.lifeline.gateway.http.Authentication;
import dev.lifeline.gateway.http.PeerAddress;
import dev.lifeline.gateway.metrics.GatewayMetrics;
import dev.lifeline.gateway.security.Admission;
import dev.lifeline.gateway.security.ConnectionLimits;
import dev.lifeline.gateway.security.Principal;
import dev.lifeline.gateway.session.Caller;
import dev.lifeline.gateway.session.Session;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;

/**
 * Where those who come are known and counted: one event loop's.
 *
 * @param connections the streams that are open on it
 * @param limits how many there may be
 */
public record Reception(Connections connections, ConnectionLimits limits, PeerAddress peers, GatewayMetrics metrics) {

    private static final int MOST_OF_AN_AGENT = 200;

    Caller caller(RoutingContext context, String upstream) {
        return new Caller(Authentication.principal(context).name(), upstream);
    }

    String address(RoutingContext context) {
        return peers.of(context.request());
    }

    Session.Owner owner(RoutingContext context, Session.Transport transport, String key) {
        String principal = Authentication.principal(context).name();
        return new Session.Owner(principal, transport, origin(context), key);
    }

    /** Behind a proxy all come from one address, and not everything that does is the same program. */
    private String origin(RoutingContext context) {
        String address = address(context);
        String agent = McpHeaders.value(context.request(), HttpHeaders.USER_AGENT.toString());
        return agent == null ? address : address + " " + agent.substring(0, Math.min(agent.length(), MOST_OF_AN_AGENT));
    }

    /** Asks for a place for a stream; that there is none is counted. */
    Admission admit(RoutingContext context) {
        Admission admission = limits.admit(address(context), Authentication.principal(context));
        if (admission instanceof Admission.Refused refused) {
            metrics.connectionRefused(refused.limit().label());
        }
        return admission;
    }

    Visitor visitor(RoutingContext context, Admission.Place place) {
        Principal principal = Authentication.principal(context);
        return new Visitor(
                address(context), principal.name(), principal.expiresAt().orElse(null), place::release);
    }
}
