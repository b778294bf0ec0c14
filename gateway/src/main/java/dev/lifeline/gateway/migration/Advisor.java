package dev.lifeline.gateway.migration;

import dev.lifeline.gateway.migration.Guest.Transport;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Says of each client whether it could leave the legacy transport, from what it was seen to send and from what is known of
 * clients of its name; where neither says anything, that nobody can tell.
 */
final class Advisor {

    /** The revision that brought Streamable HTTP. */
    private static final String STREAMABLE_FROM = "2025-03-26";

    private final Set<String> seenStreamable;

    Advisor(List<Entry> entries) {
        this.seenStreamable = entries.stream()
                .map(Entry::guest)
                .filter(guest -> guest.transport() == Transport.STREAMABLE && isNamed(guest))
                .map(Advisor::product)
                .collect(Collectors.toSet());
    }

    Advice on(Entry entry) {
        Guest guest = entry.guest();
        if (guest.transport() == Transport.STREAMABLE) {
            return Advice.ready("It uses Streamable HTTP.");
        }
        if (!isNamed(guest)) {
            return Advice.unknown("It never said what it is.");
        }
        if (seenStreamable.contains(product(guest))) {
            return Advice.ready("The same client in the same version was seen using Streamable HTTP.");
        }
        return KnownClients.byName(guest.client())
                .map(known -> known.advice(guest.version(), entry.revision()))
                .orElseGet(() -> byRevision(entry.revision()));
    }

    private static boolean isNamed(Guest guest) {
        return !guest.client().startsWith("(");
    }

    private static String product(Guest guest) {
        return guest.client() + "\n" + guest.version();
    }

    /** What a revision says on its own. */
    static Advice byRevision(String revision) {
        if (isStreamable(revision)) {
            return Advice.ready("It asks for revision " + revision + ", whose transport is Streamable HTTP.");
        }
        return Advice.unknown(
                revision.isEmpty()
                        ? "It named no protocol revision, and nothing is known of clients of this name."
                        : "It asks for revision " + revision + " only, and nothing is known of clients of this name.");
    }

    static boolean isStreamable(String revision) {
        return revision.compareTo(STREAMABLE_FROM) >= 0;
    }
}
