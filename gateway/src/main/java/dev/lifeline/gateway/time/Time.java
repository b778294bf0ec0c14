package dev.lifeline.gateway.time;

import java.time.Duration;

/**
 * Time as decisions meet it: how much has passed, and being called when more has. Nothing is said of the date, which may
 * jump. Called from any thread; what is called back runs where the implementation runs things.
 */
public interface Time {

    /** Something that was asked for and has not happened yet. */
    @FunctionalInterface
    interface Alarm {

        /** Of nothing at all. */
        Alarm NONE = () -> {};

        void cancel();
    }

    /** Nanoseconds since some moment, the same one for every call. */
    long nanos();

    /** Calls once, after so long; a millisecond at least. */
    Alarm after(Duration wait, Runnable action);

    /** Calls again and again, each time after so long; a millisecond at least. */
    Alarm every(Duration period, Runnable action);

    /** Calls once what is under way has returned. */
    void soon(Runnable action);
}
