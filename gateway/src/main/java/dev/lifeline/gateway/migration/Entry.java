package dev.lifeline.gateway.migration;

import java.time.Instant;

/**
 * What was seen of a guest.
 *
 * @param revision the newest protocol revision it asked for or spoke, or an empty text
 * @param count how often it introduced itself; of one that never does, how many requests it sent
 */
public record Entry(Guest guest, String revision, Instant firstSeen, Instant lastSeen, long count) {

    /** Both together. */
    Entry and(Entry other) {
        return new Entry(
                guest,
                revision.compareTo(other.revision) >= 0 ? revision : other.revision,
                firstSeen.isBefore(other.firstSeen) ? firstSeen : other.firstSeen,
                lastSeen.isAfter(other.lastSeen) ? lastSeen : other.lastSeen,
                count + other.count);
    }

    Entry as(Guest another) {
        return new Entry(another, revision, firstSeen, lastSeen, count);
    }
}
