package dev.lifeline.gateway.security;

import java.util.Collection;
import java.util.List;

/**
 * What somebody may do with channels; what is not named is not allowed.
 *
 * @param publish where events may be put
 * @param subscribe where events may be read
 */
public record Grant(List<ChannelPattern> publish, List<ChannelPattern> subscribe) {

    /** Every channel, both ways. */
    public static final Grant EVERYTHING = of(List.of("*"), List.of("*"));

    /** No channel, neither way. */
    public static final Grant NOTHING = of(List.of(), List.of());

    public Grant {
        publish = List.copyOf(publish);
        subscribe = List.copyOf(subscribe);
    }

    /** Reads patterns as people write them; one that is no pattern is an {@link IllegalArgumentException}. */
    public static Grant of(Collection<String> publish, Collection<String> subscribe) {
        return new Grant(patterns(publish), patterns(subscribe));
    }

    public boolean mayPublish(String channel) {
        return publish.stream().anyMatch(pattern -> pattern.matches(channel));
    }

    public boolean maySubscribe(String channel) {
        return subscribe.stream().anyMatch(pattern -> pattern.matches(channel));
    }

    private static List<ChannelPattern> patterns(Collection<String> texts) {
        return texts.stream().map(ChannelPattern::new).toList();
    }
}
