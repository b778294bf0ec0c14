package dev.lifeline.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an event is. How it looks on the wire is told in {@code dev.lifeline.wire}. */
class EventTest {

    @Test
    void isAMessageUnlessSaidOtherwise() {
        assertThat(Event.message("hello")).isEqualTo(new Event("message", "hello"));
    }

    @Test
    void holdsAnyData() {
        assertThat(Event.message("a\r\nb\0\uFEFF").data()).isEqualTo("a\r\nb\0\uFEFF");
        assertThat(Event.message("").data()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a\rb", "a\nb", "a\0b", "\n"})
    void refusesATypeThatIsEmptyOrBreaksOutOfItsLine(String type) {
        assertThatIllegalArgumentException().isThrownBy(() -> new Event(type, "x"));
    }

    @Test
    void hasBothAlways() {
        assertThatNullPointerException().isThrownBy(() -> new Event(null, "x")).withMessage("type");
        assertThatNullPointerException().isThrownBy(() -> Event.message(null)).withMessage("data");
    }

    @Test
    void knowsTheThreeCharactersNoLineHolds() {
        assertThat(Event.hasControl("\r")).isTrue();
        assertThat(Event.hasControl("a\n")).isTrue();
        assertThat(Event.hasControl("\0a")).isTrue();
        assertThat(Event.hasControl("\t\u0085\u2028 é")).isFalse();
        assertThat(Event.hasControl("")).isFalse();
    }
}
