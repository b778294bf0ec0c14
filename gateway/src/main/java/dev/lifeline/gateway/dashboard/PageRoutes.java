package dev.lifeline.gateway.dashboard;

import dev.lifeline.gateway.http.Assets;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/**
 * {@code GET /dashboard}: the page operators look at, and its files.
 *
 * <p>They hold no figure and no name, and stand open wherever operations are served: a browser cannot bring a token to a
 * page it navigates to. What the page shows it asks of the operators' API, which has its guard.
 */
public final class PageRoutes {

    private static final String HOME = "/dashboard";

    /** Its own scripts and styles, its own gateway, nothing else; and in nobody's frame. */
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
            + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public void mount(Router router) {
        Assets assets = Assets.of("dashboard");
        router.route(HOME + "/*").handler(PageRoutes::protect);
        router.route(HOME)
                .method(HttpMethod.GET)
                .method(HttpMethod.HEAD)
                .handler(PageRoutes::withoutSlash)
                .handler(assets.only("index.html"));
        assets.mount(router);
    }

    private static void protect(RoutingContext context) {
        context.response().putHeader("Content-Security-Policy", POLICY).putHeader("Referrer-Policy", "no-referrer");
        context.next();
    }

    /** The page names its files from where it is, so that it works behind a proxy's prefix: it must be in one place. */
    private static void withoutSlash(RoutingContext context) {
        if (context.request().path().endsWith("/")) {
            context.response()
                    .setStatusCode(308)
                    .putHeader(HttpHeaders.LOCATION, ".." + HOME)
                    .end();
        } else {
            context.next();
        }
    }
}
