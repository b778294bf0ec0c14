package dev.lifeline.gateway.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The pages: found by their words, read, published, and offered as resources and in a prompt. */
class PagesTest {

    private static DemoClient client;
    private static String session;

    @BeforeAll
    static void start() {
        client = new DemoClient();
        session = client.opens();
    }

    @AfterAll
    static void stop() {
        client.close();
    }

    @ParameterizedTest
    @CsvSource({
        "resuming after a lost connection, resume",
        "old transport deprecation sunset, legacy-and-streamable",
        "Redis is away, redis-and-cluster",
        "publish with an idempotency key, channels",
        "SIGTERM drain, operating",
        "foreign origins and DNS rebinding, security",
        "which words: cursor; log; upstream, what-it-is",
        "YAML flags environment, getting-started",
    })
    void theBestPageComesFirst(String query, String name) {
        assertThat(client.says(session, "search_docs", "{'query':'" + query + "'}")
                        .lines()
                        .findFirst())
                .hasValueSatisfying(head -> assertThat(head).contains("(" + name + ","));
    }

    @Test
    void aSearchIsBoundedAndMayFindNothing() {
        JsonObject few =
                client.result(session, "tools/call", DemoClient.call("search_docs", "{'query':'a','limit':2}"));

        assertThat(few.getJsonArray("content")).hasSize(2);
        assertThat(client.says(session, "search_docs", "{'query':'zebra'}")).startsWith("Nothing found");
    }

    @Test
    void aPageIsReadByItsNameOrItsUri() {
        assertThat(client.says(session, "read_page", "{'name':'resume'}")).startsWith("# How a lost connection");
        assertThat(client.says(session, "read_page", "{'name':'docs://lifeline/resume'}"))
                .startsWith("# How a lost connection");
        assertThat(client.says(session, "read_page", "{'name':'none'}")).contains("no page none");
    }

    @Test
    void everyResourceInTheListCanBeRead() {
        JsonArray resources = client.result(session, "resources/list", "{}").getJsonArray("resources");

        assertThat(resources).hasSizeGreaterThanOrEqualTo(8);
        resources.stream().map(JsonObject.class::cast).forEach(resource -> {
            JsonObject contents = client.result(
                            session, "resources/read", "{'uri':'" + resource.getString("uri") + "'}")
                    .getJsonArray("contents")
                    .getJsonObject(0);
            assertThat(contents.getString("text")).isNotBlank();
            assertThat(resource.getString("title")).isNotBlank();
        });
        assertThat(client.error(session, "resources/read", "{'uri':'resume'}").getInteger("code"))
                .isEqualTo(-32002);
        assertThat(client.result(session, "resources/templates/list", "{}").getJsonArray("resourceTemplates"))
                .hasSize(1);
    }

    @Test
    void aPublishedPageIsFoundUntilItIsReplaced() {
        client.says(session, "publish_page", "{'name':'my-page','text':'# Mine\\n\\nAbout wombats.'}");
        assertThat(client.says(session, "search_docs", "{'query':'wombats'}")).startsWith("Mine (my-page");

        client.says(session, "publish_page", "{'name':'my-page','text':'No heading'}");
        assertThat(client.says(session, "search_docs", "{'query':'wombats'}")).startsWith("Nothing found");
        assertThat(client.says(session, "publish_page", "{'name':'resume','text':'x'}"))
                .contains("came with the program");
    }

    @Test
    void onlyTheLastPublishedPagesAreKept() {
        Library library = Library.load();
        int ours = library.all().size();

        for (int i = 0; i <= Library.MOST_PUBLISHED; i++) {
            library.publish(Page.of("page-" + i, "word" + i));
        }

        assertThat(library.all()).hasSize(ours + Library.MOST_PUBLISHED);
        assertThat(library.find("page-0")).isEmpty();
        assertThat(library.search("word0", 5)).isEmpty();
        assertThat(library.search("word1", 5)).hasSize(1);
    }

    @Test
    void aPageThatWasForgottenIsNamed() {
        assertThatThrownBy(() -> Page.load("forgotten")).hasMessageContaining("lacks its page forgotten");
    }

    @ParameterizedTest
    @ValueSource(strings = {"resume", "resumes", "resumed", "resuming", "Resumed"})
    void formsOfAWordAreOne(String form) {
        assertThat(SearchIndex.stem(form)).isEqualTo("resum");
    }

    @Test
    void thePromptBringsItsPage() {
        JsonObject prompt = client.result(session, "prompts/list", "{}")
                .getJsonArray("prompts")
                .getJsonObject(0);
        JsonArray messages = client.result(
                        session,
                        "prompts/get",
                        "{'name':'" + prompt.getString("name") + "','arguments':{'page':'channels'}}")
                .getJsonArray("messages");

        assertThat(messages.getJsonObject(1)
                        .getJsonObject("content")
                        .getJsonObject("resource")
                        .getString("text"))
                .startsWith("# Channels");
        assertThat(client.error(session, "prompts/get", "{'name':'none'}").getInteger("code"))
                .isEqualTo(-32602);
        assertThat(client.error(session, "prompts/get", "{'name':'explain'}").getInteger("code"))
                .isEqualTo(-32602);
    }

    @Test
    void namesOfPagesAreCompleted() {
        JsonObject completion = client.result(
                        session,
                        "completion/complete",
                        "{'ref':{'type':'ref/prompt','name':'explain'},'argument':{'name':'page','value':'re'}}")
                .getJsonObject("completion");

        assertThat(completion.getJsonArray("values")).contains("resume", "redis-and-cluster");
        assertThat(completion.getBoolean("hasMore")).isFalse();
    }
}
