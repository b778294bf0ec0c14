package dev.lifeline.gateway.simulation;

import dev.lifeline.event.Event;
import java.util.ArrayList;
import java.util.List;

/** Publishes to a channel, by way of any node; what it was not told is kept it says again, under the same key. */
final class Writer extends Guest {

    private static final int MOST_TRIES = 3;

    private final String channel;
    private final List<String> kept = new ArrayList<>();
    private int said;

    Writer(Simulation.Ground ground, String name, String channel) {
        super(ground, name);
        this.channel = channel;
    }

    void publish() {
        List<Event> events = new ArrayList<>();
        for (int i = ground.world().below(3); i >= 0; i--) {
            events.add(Event.message(name + "-" + ++said));
        }
        say(events, ground.world().chance(0.7) ? "k" + said : null, 1);
    }

    private void say(List<Event> events, String key, int tries) {
        boolean lossy = ground.history().lostAnything();
        tryFor(
                anyNode(),
                node -> node.hub().publish(channel, events, key).onComplete(done -> {
                    if (done.succeeded() && !lossy && !ground.history().lostAnything()) {
                        events.forEach(event -> kept.add(event.data()));
                    } else if (done.failed() && key != null && tries < MOST_TRIES) {
                        later(() -> say(events, key, tries + 1));
                    }
                }),
                () -> {});
    }

    /** Who was told that it is kept is not deceived. */
    void requireKept() {
        if (!ground.history().lostAnything()) {
            List<String> there =
                    ground.history().landed(channel).stream().map(Event::data).toList();
            ground.history()
                    .requireThat(
                            there.containsAll(kept), () -> "not all of " + kept + " is in " + channel + ": " + there);
        }
    }
}
