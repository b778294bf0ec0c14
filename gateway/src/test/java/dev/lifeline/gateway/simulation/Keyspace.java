package dev.lifeline.gateway.simulation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** What a Redis holds: values that end by time. Text is bytes, one a character. It can be copied, as a file of it can. */
final class Keyspace {

    /** The id of an entry of a stream. */
    record EntryId(long epoch, long sequence) implements Comparable<EntryId> {

        static EntryId of(String text) {
            int dash = text.indexOf('-');
            return new EntryId(Long.parseLong(text.substring(0, dash)), Long.parseLong(text.substring(dash + 1)));
        }

        @Override
        public int compareTo(EntryId other) {
            int byEpoch = Long.compare(epoch, other.epoch);
            return byEpoch != 0 ? byEpoch : Long.compare(sequence, other.sequence);
        }

        @Override
        public String toString() {
            return epoch + "-" + sequence;
        }
    }

    static final class Hash extends LinkedHashMap<String, String> {
        private static final long serialVersionUID = 1;
    }

    static final class Sorted extends TreeMap<String, Double> {
        private static final long serialVersionUID = 1;
    }

    static final class Members extends TreeSet<String> {
        private static final long serialVersionUID = 1;
    }

    static final class Entries extends TreeMap<EntryId, List<String>> {
        private static final long serialVersionUID = 1;
        private EntryId last = new EntryId(0, 0);

        EntryId last() {
            return last;
        }

        void append(EntryId id, List<String> fields) {
            if (id.compareTo(last) <= 0) {
                throw new CommandFailed("The ID specified in XADD is equal or smaller than the target stream top item");
            }
            last = id;
            put(id, fields);
        }
    }

    /** What Redis says to a command it does not carry out. */
    static final class CommandFailed extends RuntimeException {
        private static final long serialVersionUID = 1;

        CommandFailed(String why) {
            super("ERR " + why, null, false, false);
        }
    }

    private final Map<String, Object> values = new HashMap<>();
    private final Map<String, Long> ends = new HashMap<>();
    private final LongSupplier millis;

    Keyspace(LongSupplier millis) {
        this.millis = millis;
    }

    Keyspace copy() {
        Keyspace copy = new Keyspace(millis);
        values.forEach((key, value) -> copy.values.put(key, copyOf(value)));
        copy.ends.putAll(ends);
        return copy;
    }

    private static Object copyOf(Object value) {
        if (value instanceof Hash hash) {
            return filled(new Hash(), hash);
        } else if (value instanceof Sorted sorted) {
            return filled(new Sorted(), sorted);
        } else if (value instanceof Members members) {
            Members copy = new Members();
            copy.addAll(members);
            return copy;
        } else if (value instanceof Entries entries) {
            Entries copy = new Entries();
            copy.putAll(entries);
            copy.last = entries.last;
            return copy;
        }
        return value;
    }

    private static <K, V, M extends Map<K, V>> M filled(M copy, M from) {
        copy.putAll(from);
        return copy;
    }

    /** What is there, or null. */
    <T> T get(String key, Class<T> type) {
        return exists(key) ? type.cast(values.get(key)) : null;
    }

    <T> T make(String key, Class<T> type, Supplier<T> empty) {
        if (!exists(key)) {
            values.put(key, empty.get());
        }
        return type.cast(values.get(key));
    }

    boolean exists(String key) {
        Long end = ends.get(key);
        if (end != null && end <= millis.getAsLong()) {
            remove(key);
        }
        return values.containsKey(key);
    }

    void put(String key, String value) {
        values.put(key, value);
        ends.remove(key);
    }

    boolean remove(String key) {
        ends.remove(key);
        return values.remove(key) != null;
    }

    /** No empty hash, set or sorted set stays; an empty stream does. */
    void tidy(String key) {
        Object value = values.get(key);
        if (value instanceof Map<?, ?> map && !(value instanceof Entries) && map.isEmpty()
                || value instanceof Members members && members.isEmpty()) {
            remove(key);
        }
    }

    boolean endAt(String key, long at) {
        if (!exists(key)) {
            return false;
        }
        ends.put(key, at);
        return true;
    }

    long left(String key) {
        if (!exists(key)) {
            return -2;
        }
        Long end = ends.get(key);
        return end == null ? -1 : end - millis.getAsLong();
    }

    List<String> keys() {
        return new ArrayList<>(values.keySet())
                .stream().filter(this::exists).sorted().toList();
    }
}
