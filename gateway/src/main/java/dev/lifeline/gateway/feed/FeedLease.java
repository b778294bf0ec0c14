package dev.lifeline.gateway.feed;

import io.vertx.core.Future;
import java.time.Duration;

/** Who of all nodes follows a source, and how far it has come. */
interface FeedLease {

    /**
     * What a node learns when it asks for a feed.
     *
     * @param held whether it has it now, until the length of the lease from when it asked
     * @param fence higher for each node that takes the feed
     * @param position the source's id of the last event that was appended; empty if its events have none, null if nobody
     *     has ever been connected
     */
    record Standing(boolean held, long fence, String position) {

        /** The same, with what is known here where the store has forgotten. */
        Standing or(String known) {
            return position == null ? new Standing(held, fence, known) : this;
        }
    }

    /** Takes the feed if nobody has it, or goes on having it. */
    Future<Standing> hold();

    /** Remembers a position for whoever follows next; false if another has taken the feed since. */
    Future<Boolean> keep(long fence, String position);

    Future<Void> release();

    Duration length();
}
