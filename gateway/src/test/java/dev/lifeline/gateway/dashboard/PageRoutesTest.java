package dev.lifeline.gateway.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeline.gateway.fake.RunningGateway;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** How the dashboard's page gets to the browser. What it does there is tested in one: {@code scripts/dashboard/run}. */
class PageRoutesTest {

    private static final Pattern FILE = Pattern.compile("(?:src|href)=\"(dashboard/[^\"]+)\"");
    private static final Pattern IMPORT = Pattern.compile("from \"([^\"]+)\"");

    private static RunningGateway gateway;

    @BeforeAll
    static void start() {
        gateway = RunningGateway.with();
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @Test
    void thePageMayRunItsOwnFilesAndNothingElse() {
        HttpResponse<String> page = gateway.get("/dashboard");

        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().firstValue("Content-Type")).hasValue("text/html; charset=utf-8");
        assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
                .contains("default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'")
                .doesNotContain("unsafe");
        assertThat(page.body()).doesNotContain(" style=", " onclick=", "<style", "<script>");
    }

    @Test
    void everyFileThePageNamesIsThereAndEveryModuleThatThoseImport() {
        List<String> files = FILE.matcher(gateway.get("/dashboard").body())
                .results()
                .map(found -> "/" + found.group(1))
                .toList();

        assertThat(files).contains("/dashboard/main.js", "/dashboard/base.css", "/dashboard/icon.svg");
        assertThat(files)
                .allSatisfy(file ->
                        assertThat(gateway.get(file).statusCode()).as(file).isEqualTo(200));
        assertThat(IMPORT.matcher(gateway.get("/dashboard/main.js").body())
                        .results()
                        .map(found -> "/dashboard/" + found.group(1)))
                .hasSizeGreaterThan(10)
                .allSatisfy(module ->
                        assertThat(gateway.get(module).statusCode()).as(module).isEqualTo(200));
    }

    @Test
    void thePageIsInOnePlace() {
        HttpResponse<String> slashed = gateway.get("/dashboard/");

        assertThat(slashed.statusCode()).isEqualTo(308);
        assertThat(slashed.headers().firstValue("Location")).hasValue("../dashboard");
        assertThat(gateway.get("/dashboard/nothing.js").statusCode()).isEqualTo(404);
        assertThat(gateway.get("/dashboards").headers().firstValue("Content-Security-Policy"))
                .isEmpty();
    }

    @Test
    void whetherThePageIsThereCanBeAskedWithoutReadingIt() {
        String head = gateway.exchange("HEAD /dashboard HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

        assertThat(head).startsWith("HTTP/1.1 200 ").endsWith("\r\n\r\n");
    }

    @Test
    void thePageIsWhereOperationsAre() {
        int adminPort = RunningGateway.freePort();
        try (RunningGateway apart = RunningGateway.with("--admin-port", Integer.toString(adminPort))) {
            assertThat(apart.get("/dashboard").statusCode()).isEqualTo(404);
            assertThat(apart.get(adminPort, "/dashboard").statusCode()).isEqualTo(200);
            assertThat(apart.get(adminPort, "/client/lifeline.js").statusCode()).isEqualTo(200);
        }
    }
}
