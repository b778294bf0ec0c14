package dev.lifeline.gateway.demo;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The sessions there are: so many, and none for long that nobody comes back to. */
final class Guests {

    static final int MOST = 100_000;

    private static final long AWAY_NANOS = TimeUnit.MINUTES.toNanos(60);
    private static final int ID_BYTES = 16;

    private final SecureRandom random = new SecureRandom();
    private final Map<String, Guest> guests = new LinkedHashMap<>(16, 0.75f, true);
    private final Audience audience;

    Guests(Audience audience) {
        this.audience = audience;
    }

    /** Lets one in, at the cost of the one that has not come for longest. */
    Guest admit(Conversation conversation) {
        byte[] bytes = new byte[ID_BYTES];
        random.nextBytes(bytes);
        Guest guest = new Guest(HexFormat.of().formatHex(bytes), conversation);
        guests.put(guest.id(), guest);
        audience.joins(conversation);
        if (guests.size() > MOST) {
            dismiss(guests.values().iterator().next());
        }
        return guest;
    }

    Optional<Guest> find(String id) {
        Optional<Guest> guest = Optional.ofNullable(guests.get(id));
        guest.ifPresent(Guest::comes);
        return guest;
    }

    void dismiss(Guest guest) {
        guests.remove(guest.id());
        audience.leaves(guest.conversation());
        guest.leaves();
    }

    void dismissTheForgetful() {
        long since = System.nanoTime() - AWAY_NANOS;
        List<Guest> away =
                guests.values().stream().filter(guest -> guest.awaySince(since)).toList();
        away.forEach(this::dismiss);
    }

    void dismissAll() {
        List.copyOf(guests.values()).forEach(this::dismiss);
    }
}
