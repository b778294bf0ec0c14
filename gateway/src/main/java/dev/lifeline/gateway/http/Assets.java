package dev.lifeline.gateway.http;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/**
 * Serves the files of one resource folder: those that are part of the program, for browsers. All of them are read once,
 * when the routes are made; a request touches no file, and no name in it can lead out of the folder.
 */
public final class Assets implements Handler<RoutingContext> {

    private final String prefix;
    private final Map<String, Asset> assets;

    private Assets(String prefix, Map<String, Asset> assets) {
        this.prefix = prefix;
        this.assets = assets;
    }

    /** The files of a resource folder, {@code client} for instance, to be served under {@code /client/}. */
    public static Assets of(String folder) {
        URL found = Assets.class.getResource("/" + folder);
        if (found == null) {
            throw new IllegalStateException("no such folder of resources: " + folder);
        }
        try {
            boolean packed = found.getProtocol().equals("jar");
            return new Assets("/" + folder + "/", packed ? packed(found, folder + "/") : unpacked(found));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** Serves them all, each under its name. */
    public void mount(Router router) {
        router.route(prefix + "*")
                .method(HttpMethod.GET)
                .method(HttpMethod.HEAD)
                .handler(this);
    }

    /** Serves one file whatever the path, which is how a page is at home at its folder's name. */
    public Handler<RoutingContext> only(String name) {
        Asset asset = assets.get(name);
        if (asset == null) {
            throw new IllegalStateException("no such file: " + prefix + name);
        }
        return context -> serve(context, asset);
    }

    @Override
    public void handle(RoutingContext context) {
        String path = context.normalizedPath();
        Asset asset = path.startsWith(prefix) ? assets.get(path.substring(prefix.length())) : null;
        if (asset == null) {
            throw Problem.notFound();
        }
        serve(context, asset);
    }

    private static void serve(RoutingContext context, Asset asset) {
        HttpServerResponse response = context.response();
        response.putHeader(HttpHeaders.ETAG, asset.etag());
        // It may be kept, and must be asked about: the file changes when the gateway does.
        response.putHeader(HttpHeaders.CACHE_CONTROL, "no-cache");
        response.putHeader("X-Content-Type-Options", "nosniff");
        if (asset.isKnown(context.request().getHeader(HttpHeaders.IF_NONE_MATCH))) {
            response.setStatusCode(304).end();
            return;
        }
        response.putHeader(HttpHeaders.CONTENT_TYPE, asset.type());
        if (context.request().method() == HttpMethod.HEAD) {
            response.putHeader(
                    HttpHeaders.CONTENT_LENGTH, Integer.toString(asset.content().length()));
            response.end();
        } else {
            response.end(asset.content());
        }
    }

    static Map<String, Asset> packed(URL folder, String prefix) throws IOException {
        JarURLConnection connection = (JarURLConnection) folder.openConnection();
        // A cached one would be shared, and closed under whoever else reads it.
        connection.setUseCaches(false);
        Map<String, Asset> assets = new HashMap<>();
        try (JarFile jar = connection.getJarFile()) {
            List<JarEntry> entries = jar.stream()
                    .filter(entry -> entry.getName().startsWith(prefix) && !entry.isDirectory())
                    .toList();
            for (JarEntry entry : entries) {
                String name = entry.getName().substring(prefix.length());
                try (InputStream bytes = jar.getInputStream(entry)) {
                    assets.put(name, Asset.of(name, bytes.readAllBytes()));
                }
            }
        }
        return Map.copyOf(assets);
    }

    private static Map<String, Asset> unpacked(URL folder) throws IOException {
        Path root = Path.of(URI.create(folder.toString()));
        Map<String, Asset> assets = new HashMap<>();
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String name = root.relativize(file).toString().replace('\\', '/');
                assets.put(name, Asset.of(name, Files.readAllBytes(file)));
            }
        }
        return Map.copyOf(assets);
    }
}
