package dev.lifeline.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Positions: their order, their neighbours, their text. */
class CursorTest {

    @ParameterizedTest
    @CsvSource({"1, 0, 1-0", "1, 7, 1-7", "36, 1000, 10-1000", "1764000000000, 3, midc1z40-3"})
    void isPrintedAndReadBack(long epoch, long sequence, String text) {
        Cursor cursor = new Cursor(epoch, sequence);

        assertThat(cursor).hasToString(text);
        assertThat(Cursor.parse(text)).contains(cursor);
    }

    @Test
    void isReadBackAtTheFarEnd() {
        Cursor last = new Cursor(Long.MAX_VALUE, Long.MAX_VALUE);

        assertThat(Cursor.parse(last.toString())).contains(last);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-",
                "1",
                "1-",
                "-1",
                "1-x",
                "?-1",
                "0-1",
                "-1-1",
                "1--1",
                "1-+5",
                "+1-5",
                "1-007",
                "01-7",
                "A-1",
                "1-1-1",
                " 1-1",
                "1-1 ",
                "1-٣",
                "1-9223372036854775808",
                "1y2p0ij32e8e8-1",
                "1-0000000000000000000000000000000000000001"
            })
    void isNotReadFromAnythingItDidNotPrint(String text) {
        assertThat(Cursor.parse(text)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "-1, 1", "1, -1"})
    void isNowhereBeforeTheFirstEpochOrSequence(long epoch, long sequence) {
        assertThatIllegalArgumentException().isThrownBy(() -> new Cursor(epoch, sequence));
    }

    @Test
    void startsBeforeTheFirstEvent() {
        assertThat(Cursor.origin(3).successor()).isEqualTo(new Cursor(3, 1));
    }

    @Test
    void countsOnWithinItsEpoch() {
        assertThat(new Cursor(3, 4).plus(5)).isEqualTo(new Cursor(3, 9));
    }

    @Test
    void hasOneSuccessor() {
        Cursor cursor = new Cursor(3, 4);

        assertThat(new Cursor(3, 5).isSuccessorOf(cursor)).isTrue();
        assertThat(new Cursor(3, 6).isSuccessorOf(cursor)).isFalse();
        assertThat(cursor.isSuccessorOf(cursor)).isFalse();
        assertThat(new Cursor(4, 5).isSuccessorOf(cursor)).isFalse();
    }

    @Test
    void isOrderedByEpochThenSequence() {
        assertThat(new Cursor(2, 1).isAfter(new Cursor(1, 9))).isTrue();
        assertThat(new Cursor(1, 9).isAfter(new Cursor(1, 8))).isTrue();
        assertThat(new Cursor(1, 9).isAfter(new Cursor(1, 9))).isFalse();
        assertThat(new Cursor(1, 9)).isLessThan(new Cursor(1, 10)).isLessThan(new Cursor(2, 0));
    }
}
