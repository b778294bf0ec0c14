package dev.lifeline.gateway.log;

import dev.lifeline.event.Event;
import java.time.Duration;

/**
 * How much of a stream is kept, and for how long; whichever bound is reached first drops the oldest.
 *
 * @param events how many events
 * @param bytes how much type and data together
 * @param age how long an event is kept
 * @param position how long a quiet stream's epoch and sequence are remembered, so that a reader who missed nothing is
 *     not told it might have
 * @param keys how long a repetition is recognised
 */
public record Retention(int events, long bytes, Duration age, Duration position, Duration keys) {

    /** What an event weighs against the bound: its text, one byte a character where the JVM keeps it so. */
    static int weight(Event event) {
        return event.type().length() + event.data().length();
    }
}
