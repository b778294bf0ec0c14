package dev.lifeline.gateway.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a conversation bounds, with time that passes when it is told to. */
class ConversationTest {

    private final List<Runnable> later = new ArrayList<>();
    private final List<JsonObject> said = new ArrayList<>();
    private final Audience audience = new Audience();
    private Conversation conversation;

    private final Reply reply = new Reply() {
        @Override
        public boolean send(JsonObject message) {
            return said.add(message);
        }

        @Override
        public void answer(JsonObject message) {
            said.add(message);
        }
    };

    @BeforeEach
    void begin() {
        Library library = Library.load();
        conversation =
                new Conversation(new Methods(new Tools(library, audience), new Pages(library)), (millis, what) -> {
                    later.add(what);
                    return () -> later.remove(what);
                });
    }

    private void calls(int id, String tool) {
        JsonObject params = new JsonObject().put("name", tool);
        conversation.receive(
                new JsonObject()
                        .put("jsonrpc", "2.0")
                        .put("id", id)
                        .put("method", "tools/call")
                        .put("params", params),
                reply);
    }

    @Test
    void requestsAtOnceAreBounded() {
        for (int id = 0; id <= Conversation.MOST_CALLS; id++) {
            calls(id, "slow");
        }

        assertThat(said).singleElement().asString().contains("too many requests at once");
    }

    @Test
    void aClientThatDoesNotAnswerIsNotWaitedForForEver() {
        conversation.opened(new JsonObject().put("roots", new JsonObject()), Revisions.NEWEST_LEGACY);
        calls(1, "roots");
        assertThat(said).hasSize(1);

        later.get(0).run();

        assertThat(said.get(1).encode()).contains("the client did not answer");
    }

    @Test
    void theEndOfAConversationIsTheEndOfWhatItWaitsFor() {
        conversation.opened(new JsonObject().put("roots", new JsonObject()), Revisions.NEWEST_LEGACY);
        Future<JsonObject> asked = conversation.ask("roots/list", new JsonObject(), reply);
        calls(1, "slow");

        conversation.end();

        assertThat(asked.failed()).isTrue();
        assertThat(later).isEmpty();
        assertThat(said).hasSize(1);
    }

    @Test
    void guestsAreBoundedAndTheOneAwayForLongestGoes() {
        Guests guests = new Guests(audience);
        Guest first = guests.admit(conversation);
        Guest second = guests.admit(conversation);
        guests.find(first.id());
        for (int i = 2; i <= Guests.MOST; i++) {
            guests.admit(conversation);
        }

        assertThat(guests.find(first.id())).isPresent();
        assertThat(guests.find(second.id())).isEmpty();
        guests.dismissTheForgetful();
        assertThat(guests.find(first.id())).isPresent();
        guests.dismissAll();
        assertThat(guests.find(first.id())).isEmpty();
    }
}
