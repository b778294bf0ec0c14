package dev.lifeline.gateway.config;

import static dev.lifeline.gateway.config.Reading.config;
import static dev.lifeline.gateway.config.Reading.problems;
import static dev.lifeline.gateway.config.Reading.warnings;
import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeline.gateway.config.GatewayConfig.Feed;
import dev.lifeline.gateway.config.GatewayConfig.Header;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which sources elsewhere fill channels here, and with which headers. */
class FeedsTest {

    @Test
    void thereAreNoneUnlessNamed() {
        assertThat(config().feeds()).isEmpty();
    }

    @Test
    void eachHasItsNameAndItsHeaders() {
        assertThat(config(
                                "--feed=a=https://a.example/s?key=hunter2,b=http://127.0.0.1:1",
                                "--feed-headers=a:X-Key: hunter2")
                        .feeds())
                .containsExactly(
                        new Feed(
                                "a",
                                URI.create("https://a.example/s?key=hunter2"),
                                List.of(new Header("X-Key", new Secret("hunter2")))),
                        new Feed("b", URI.create("http://127.0.0.1:1"), List.of()))
                .allSatisfy(feed -> assertThat(feed.toString()).doesNotContain("hunter2"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://host/",
                "A=https://host/",
                "a=ftp://host",
                "a=https://user@host/",
                "a=https://host/#x",
                "a"
            })
    void whatIsNoFeedIsRefused(String text) {
        assertThat(problems("--feed", text)).singleElement().asString().contains("feed");
    }

    @Test
    void namesDifferAndHeadersHaveTheirFeed() {
        assertThat(problems("--feed=a=http://h,a=http://i")).anyMatch(it -> it.contains("names of feeds must differ"));
        assertThat(problems("--feed=a=https://h", "--feed-headers=b:X: y")).anyMatch(it -> it.contains("feed_headers"));
        assertThat(problems("--feed=a=https://h", "--feed-headers=Last-Event-ID: y"))
                .anyMatch(it -> it.contains("a stream needs for itself"));
        assertThat(warnings("--feed=a=http://h", "--feed-headers=X: y")).anyMatch(it -> it.contains("in the clear"));
    }
}
