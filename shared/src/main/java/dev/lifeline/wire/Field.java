package dev.lifeline.wire;

/** What a line is about, told by its name: the bytes before the first colon, or all of them where there is none. */
enum Field {
    DATA("data"),
    EVENT("event"),
    ID("id"),
    RETRY("retry"),
    /** A line that starts with a colon. */
    COMMENT(""),
    /** Any other name, of any length, in any case but lower: passed over. */
    UNKNOWN(null);

    /** A name of no bytes yet. Not zero, so that a leading NUL makes another name and is not lost. */
    static final long NAMELESS = 1;

    private static final int LONGEST = 5;
    private static final Field[] ALL = values();

    private final long packed;

    Field(String name) {
        packed = name == null ? 0 : pack(name);
    }

    /** A name one byte longer, kept in a long: no line's name is ever buffered. */
    static long longer(long packed, byte b) {
        return packed << Byte.SIZE | b & 0xFF;
    }

    /** Whether this name is already past every name we know. */
    static boolean isTooLong(long packed) {
        return packed >= NAMELESS << Byte.SIZE * (LONGEST + 1);
    }

    static Field of(long packed) {
        for (Field field : ALL) {
            if (field.packed == packed) {
                return field;
            }
        }
        return UNKNOWN;
    }

    private static long pack(String name) {
        long packed = NAMELESS;
        for (int i = 0; i < name.length(); i++) {
            packed = longer(packed, (byte) name.charAt(i));
        }
        return packed;
    }
}
