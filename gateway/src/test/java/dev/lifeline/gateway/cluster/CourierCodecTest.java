package dev.lifeline.gateway.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lifeline.gateway.session.Ending;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Questions and answers as bytes, there and back. */
class CourierCodecTest {

    private final List<String> heard = new ArrayList<>();

    private void decode(Buffer message) {
        CourierCodec.decode(message, new CourierCodec.Sink() {
            @Override
            public void asked(long number, String asker, String subject, String question) {
                heard.add(number + " " + asker + " " + subject + " " + question);
            }

            @Override
            public void answered(long number, Ending ending, String text) {
                heard.add(number + " " + ending + " " + text);
            }
        });
    }

    @Test
    void whatWasEncodedIsDecoded() {
        decode(CourierCodec.question(7, "a", "send", "{\"§\":\"🐟\"}"));
        for (Ending ending : Ending.values()) {
            decode(CourierCodec.answer(8, ending, ""));
        }

        assertThat(heard)
                .containsExactly(
                        "7 a send {\"§\":\"🐟\"}", "8 DONE ", "8 NOT_SENT ", "8 FORGOTTEN ", "8 REFUSED ", "8 LOST ");
    }

    @Test
    void whatIsCutOffOrOfAnotherVersionIsRefused() {
        Buffer whole = CourierCodec.question(7, "a", "send", "question");
        for (int length = 0; length < whole.length(); length++) {
            Buffer cut = whole.slice(0, length);
            assertThatThrownBy(() -> decode(cut)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> decode(Buffer.buffer(whole.getBytes()).setByte(0, (byte) 9)))
                .hasMessageContaining("version 9");
        assertThatThrownBy(() -> decode(Buffer.buffer(whole.getBytes()).setByte(1, (byte) 2)))
                .hasMessageContaining("kind 2");
        assertThat(heard).isEmpty();
    }
}
