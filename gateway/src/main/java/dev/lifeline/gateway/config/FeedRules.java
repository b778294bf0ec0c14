package dev.lifeline.gateway.config;

import static dev.lifeline.gateway.config.FeedOptions.FEED;
import static dev.lifeline.gateway.config.FeedOptions.FEED_HEADERS;

import java.util.List;

/** What the options about feeds owe each other. */
final class FeedRules {

    static final List<Rule> LAWS = List.of(
            Rule.that("names of feeds must differ")
                    .about(FEED)
                    .holds(v -> names(v).stream().distinct().count() == names(v).size()),
            Rule.that("feed_headers must name one of feed each, unless there is exactly one")
                    .about(FEED_HEADERS, FEED)
                    .holds(v -> v.get(FEED_HEADERS).stream()
                            .allMatch(header ->
                                    header.upstream().map(names(v)::contains).orElse(names(v).size() == 1))),
            Rule.that("feed_headers must not be headers a stream needs for itself, as Accept or Last-Event-ID")
                    .about(FEED_HEADERS)
                    .holds(v -> v.get(FEED_HEADERS).stream().noneMatch(UpstreamHeader::isOursToSay)));

    static final List<Rule> ADVICE = List.of(Rule.that(
                    "feed_headers travel in the clear: everybody on the way to an http:// source can read them")
            .about(FEED_HEADERS, FEED)
            .holds(v -> v.get(FEED).stream()
                    .filter(UpstreamUrl::inTheClear)
                    .noneMatch(url -> v.get(FEED_HEADERS).stream().anyMatch(each -> each.isFor(url.name())))));

    private FeedRules() {}

    private static List<String> names(Values values) {
        return values.get(FEED).stream().map(UpstreamUrl::name).toList();
    }
}
