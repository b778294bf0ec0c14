package dev.lifeline.gateway.client;

import static dev.lifeline.gateway.fake.RunningGateway.eventually;

import dev.lifeline.gateway.client.SourceState.Phase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A listener that remembers everything. */
final class Notes implements EventSource.Listener {

    final List<SourceEvent> events = new CopyOnWriteArrayList<>();
    final List<SourceEvent> gaps = new CopyOnWriteArrayList<>();
    final List<SourceState> states = new CopyOnWriteArrayList<>();

    @Override
    public void event(SourceEvent event) {
        events.add(event);
    }

    @Override
    public void gap(SourceEvent verdict) {
        gaps.add(verdict);
    }

    @Override
    public void state(SourceState state) {
        states.add(state);
    }

    List<String> data() {
        return events.stream().map(SourceEvent::data).toList();
    }

    long times(Phase phase) {
        return states.stream().filter(state -> state.phase() == phase).count();
    }

    void reaches(Phase phase) {
        reaches(phase, 1);
    }

    void reaches(Phase phase, int times) {
        eventually(phase + " " + times + " times", () -> times(phase) >= times);
    }

    void has(int events) {
        eventually(events + " events", () -> this.events.size() >= events);
    }

    SourceState last() {
        return states.get(states.size() - 1);
    }
}
