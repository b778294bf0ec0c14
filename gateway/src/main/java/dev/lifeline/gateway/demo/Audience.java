package dev.lifeline.gateway.demo;

import java.util.HashSet;
import java.util.Set;

/** All who are in conversation with this server, for what concerns them all. */
final class Audience {

    private final Set<Conversation> conversations = new HashSet<>();

    void joins(Conversation conversation) {
        conversations.add(conversation);
    }

    void leaves(Conversation conversation) {
        conversations.remove(conversation);
    }

    /** Tells everybody who listens; gives back how many that were. */
    long tell(String method) {
        return conversations.stream().filter(each -> each.tell(method)).count();
    }
}
