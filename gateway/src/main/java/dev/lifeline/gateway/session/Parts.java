package dev.lifeline.gateway.session;

import java.util.Optional;
import java.util.stream.Stream;

/** What a node has a part in, for those who look on. From any thread. */
public final class Parts {

    private final NodeSessions sessions;

    public Parts(NodeSessions sessions) {
        this.sessions = sessions;
    }

    /** All of it, session by session, as it stands now. */
    public Stream<Part> all() {
        return sessions.all().stream().map(Conversation::part);
    }

    /** The part in one session, where there is one. */
    public Optional<Part> of(String id) {
        return Optional.ofNullable(sessions.known(id)).map(Conversation::part);
    }

    /** Takes in what the store says of a session: its client may have introduced itself by way of another node. */
    public void learn(String id) {
        Conversation here = sessions.known(id);
        if (here != null) {
            sessions.means().store().find(id).onSuccess(found -> found.ifPresent(here::update));
        }
    }
}
