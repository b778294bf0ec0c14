package dev.lifeline.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarOutputStream;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files as browsers get them: typed, kept, and asked about. */
class AssetsTest {

    private static final Pattern ETAG = Pattern.compile("(?i)etag: (\\S+)");

    private final RunningServer server = new RunningServer();

    @BeforeEach
    void serve() throws Exception {
        Problems.install(server.router);
        Assets assets = Assets.of("client");
        assets.mount(server.router);
        server.router.get("/home").handler(assets.only("lifeline.js"));
        server.start();
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    @Test
    void aModuleIsServedAsOneAndAskedAboutEachTime() throws Exception {
        assertThat(request("GET", "/client/lifeline.js", ""))
                .startsWith("HTTP/1.1 200 ")
                .containsIgnoringCase("content-type: text/javascript; charset=utf-8\r\n")
                .containsIgnoringCase("cache-control: no-cache\r\n")
                .containsIgnoringCase("x-content-type-options: nosniff\r\n")
                .contains("export class LifelineSource");
    }

    @Test
    void whoHasItIsToldSoAndSentNothing() throws Exception {
        String etag = etag();

        for (String known : new String[] {etag, "W/" + etag, "\"other\", " + etag, "*"}) {
            assertThat(request("GET", "/client/lifeline.js", "If-None-Match: " + known + "\r\n"))
                    .startsWith("HTTP/1.1 304 ")
                    .contains(etag)
                    .endsWith("\r\n\r\n");
        }
        assertThat(request("GET", "/client/lifeline.js", "If-None-Match: \"other\"\r\n"))
                .startsWith("HTTP/1.1 200 ");
    }

    @Test
    void theHeadAloneSaysHowLongItIs() throws Exception {
        assertThat(request("HEAD", "/client/lifeline.js", ""))
                .startsWith("HTTP/1.1 200 ")
                .containsPattern("(?i)content-length: [1-9]\\d{3,}\r\n")
                .endsWith("\r\n\r\n");
    }

    @Test
    void aPageMayBeAtHomeElsewhere() throws Exception {
        assertThat(request("GET", "/home", "")).contains("export class LifelineSource");
        assertThatIllegalStateException()
                .isThrownBy(() -> Assets.of("client").only("nothing.html"))
                .withMessageContaining("/client/nothing.html");
    }

    @Test
    void nothingElseCanBeReached() throws Exception {
        for (String path : new String[] {
            "/client/",
            "/client/nothing.js",
            "/client/../logback.xml",
            "/client/%2e%2e/logback.xml",
            "/client/..%2flogback.xml"
        }) {
            assertThat(request("GET", path, "")).as(path).startsWith("HTTP/1.1 404 ");
        }
        assertThat(request("POST", "/client/lifeline.js", "")).startsWith("HTTP/1.1 405 ");
    }

    @Test
    void aFolderInAJarIsReadLikeOneOnDisk(@TempDir Path folder) throws Exception {
        Path jar = folder.resolve("some.jar");
        try (OutputStream out = Files.newOutputStream(jar);
                JarOutputStream entries = new JarOutputStream(out)) {
            entry(entries, "site/", "");
            entry(entries, "site/page.html", "<p>");
            entry(entries, "site/deep/style.css", "p {}");
            entry(entries, "sites/other.css", "");
        }

        var assets = Assets.packed(new URL("jar:" + jar.toUri() + "!/site"), "site/");

        assertThat(assets).containsOnlyKeys("page.html", "deep/style.css");
        assertThat(assets.get("page.html").type()).isEqualTo("text/html; charset=utf-8");
        assertThat(assets.get("deep/style.css").content().toString()).isEqualTo("p {}");
    }

    @Test
    void aFolderThatIsMissingAndATypeNobodyKnowsAreNoticedAtTheStart() {
        assertThatIllegalStateException().isThrownBy(() -> Assets.of("nowhere")).withMessageContaining("nowhere");
        assertThatIllegalStateException().isThrownBy(() -> Asset.of("a.exe", new byte[0]));
        for (String known : new String[] {"a.json", "a.svg", "a.png", "a.d.ts", "a.txt"}) {
            assertThat(Asset.of(known, new byte[0]).type()).isNotEmpty();
        }
    }

    private static void entry(JarOutputStream entries, String name, String content) throws IOException {
        entries.putNextEntry(new ZipEntry(name));
        entries.write(content.getBytes(StandardCharsets.UTF_8));
        entries.closeEntry();
    }

    private String etag() throws Exception {
        Matcher matcher = ETAG.matcher(request("GET", "/client/lifeline.js", ""));
        assertThat(matcher.find()).isTrue();
        return matcher.group(1);
    }

    private String request(String method, String path, String headers) throws Exception {
        return server.exchange(
                method + " " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + headers + "\r\n");
    }
}
