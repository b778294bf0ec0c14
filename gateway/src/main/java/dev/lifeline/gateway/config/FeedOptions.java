package dev.lifeline.gateway.config;

import static dev.lifeline.gateway.config.Option.option;

import java.util.List;

/** The part of the table about sources elsewhere that fill channels here. */
final class FeedOptions {

    static final Option<List<UpstreamUrl>> FEED = option("feed", Kinds.FEED.list(), "")
            .keptSecret()
            .means("Event streams elsewhere to follow: what NAME sends is published to the channel /events/NAME, and "
                    + "nobody else publishes there. One node follows it for all. Percent-encode a comma.")
            .because("Most channels are published to by those who have something to say.");

    static final Option<List<UpstreamHeader>> FEED_HEADERS = option(
                    "feed_headers", Kinds.UPSTREAM_HEADER.eachOnItsLine(), "")
            .keptSecret()
            .means("Headers to send to the source of a feed, such as the token it asks for; without a name, to the "
                    + "only one. How long it is waited for, and when it is asked again, is as with upstreams.")
            .because("Many streams are public.");

    static final List<Option<?>> ALL = List.of(FEED, FEED_HEADERS);

    private FeedOptions() {}
}
