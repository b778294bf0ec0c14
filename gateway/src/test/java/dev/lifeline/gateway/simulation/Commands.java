package dev.lifeline.gateway.simulation;

import dev.lifeline.gateway.simulation.Keyspace.CommandFailed;
import dev.lifeline.gateway.simulation.Keyspace.Entries;
import dev.lifeline.gateway.simulation.Keyspace.EntryId;
import dev.lifeline.gateway.simulation.Keyspace.Hash;
import dev.lifeline.gateway.simulation.Keyspace.Members;
import dev.lifeline.gateway.simulation.Keyspace.Sorted;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.function.LongSupplier;

/**
 * The commands of Redis that the scripts use, and not one more. An answer is a text, a number, a list of answers, or
 * null.
 */
final class Commands {

    private static final int PAIR = 2;

    /** Is told what lands in a stream, and what leaves it. */
    interface Witness {
        Witness NOBODY = new Witness() {};

        default void added(String key, EntryId id, List<String> fields) {}

        default void trimmed(String key, EntryId upTo) {}

        default void set(String key, Map<String, String> fields) {}
    }

    private final LongSupplier micros;
    private final Witness witness;
    private Keyspace keys;
    private long run;

    Commands(LongSupplier micros, Witness witness) {
        this.micros = micros;
        this.witness = witness;
        wipe();
    }

    void wipe() {
        keys = new Keyspace(() -> micros.getAsLong() / 1000);
    }

    Keyspace keys() {
        return keys;
    }

    /** As a server does at each start. */
    void drawRun() {
        run++;
    }

    void restore(Keyspace older) {
        keys = older;
    }

    Object call(String command, List<String> a) {
        return switch (command) {
            case "TIME" -> time();
            case "INFO" -> "# Server\r\nrun_id:" + run + "\r\n";
            case "EXISTS" -> flag(keys.exists(a.get(0)));
            case "DEL", "UNLINK" -> delete(a);
            case "PEXPIRE" -> flag(keys.endAt(a.get(0), micros.getAsLong() / 1000 + number(a.get(1))));
            case "PEXPIREAT" -> flag(keys.endAt(a.get(0), number(a.get(1))));
            case "PTTL" -> keys.left(a.get(0));
            case "GET" -> keys.get(a.get(0), String.class);
            case "SET" -> set(a);
            default -> command.startsWith("X") ? stream(command, a) : more(command, a);
        };
    }

    private Object more(String command, List<String> a) {
        if (command.startsWith("H")) {
            return hash(command, a);
        }
        return command.startsWith("Z") ? sorted(command, a) : members(command, a);
    }

    private static Long flag(boolean yes) {
        return yes ? 1L : 0L;
    }

    private static long number(String text) {
        return (long) Double.parseDouble(text);
    }

    private Object time() {
        long now = micros.getAsLong();
        return List.of(Long.toString(now / 1_000_000), Long.toString(now % 1_000_000));
    }

    private Long delete(List<String> a) {
        return a.stream().filter(keys::remove).count();
    }

    private Object set(List<String> a) {
        keys.put(a.get(0), a.get(1));
        if (a.size() > PAIR) {
            keys.endAt(a.get(0), micros.getAsLong() / 1000 + number(a.get(3)));
        }
        return "OK";
    }

    // ---- hashes

    private Object hash(String command, List<String> a) {
        String key = a.get(0);
        if (command.equals("HSET")) {
            return put(key, a.subList(1, a.size()));
        }
        Hash hash = keys.get(key, Hash.class);
        Hash there = hash == null ? new Hash() : hash;
        Object answer =
                switch (command) {
                    case "HGET" -> there.get(a.get(1));
                    case "HMGET" -> values(there, a);
                    case "HEXISTS" -> flag(there.containsKey(a.get(1)));
                    case "HLEN" -> (long) there.size();
                    case "HGETALL" -> all(there);
                    case "HDEL" ->
                        a.stream()
                                .skip(1)
                                .filter(field -> there.remove(field) != null)
                                .count();
                    default -> throw new CommandFailed("unknown command " + command);
                };
        keys.tidy(key);
        return answer;
    }

    private static List<String> values(Hash hash, List<String> a) {
        List<String> values = new ArrayList<>(a.size());
        for (int i = 1; i < a.size(); i++) {
            values.add(hash.get(a.get(i)));
        }
        return values;
    }

    private Long put(String key, List<String> pairs) {
        Hash hash = keys.make(key, Hash.class, Hash::new);
        long fresh = 0;
        for (int i = 0; i < pairs.size(); i += PAIR) {
            fresh += hash.put(pairs.get(i), pairs.get(i + 1)) == null ? 1 : 0;
        }
        witness.set(key, hash);
        return fresh;
    }

    private static List<Object> all(Hash hash) {
        List<Object> all = new ArrayList<>();
        hash.forEach((field, value) -> {
            all.add(field);
            all.add(value);
        });
        return all;
    }

    // ---- sets

    private Object members(String command, List<String> a) {
        String key = a.get(0);
        if (command.equals("SADD")) {
            Members members = keys.make(key, Members.class, Members::new);
            return a.stream().skip(1).filter(members::add).count();
        }
        Members members = keys.get(key, Members.class);
        Members there = members == null ? new Members() : members;
        Object answer =
                switch (command) {
                    case "SREM" -> a.stream().skip(1).filter(there::remove).count();
                    case "SMEMBERS" -> List.copyOf(there);
                    default -> throw new CommandFailed("unknown command " + command);
                };
        keys.tidy(key);
        return answer;
    }

    // ---- sorted sets

    private Object sorted(String command, List<String> a) {
        String key = a.get(0);
        if (command.equals("ZADD")) {
            Sorted sorted = keys.make(key, Sorted.class, Sorted::new);
            return flag(sorted.put(a.get(2), Double.parseDouble(a.get(1))) == null);
        }
        Sorted set = keys.get(key, Sorted.class);
        Sorted there = set == null ? new Sorted() : set;
        Object answer =
                switch (command) {
                    case "ZREM" ->
                        a.stream()
                                .skip(1)
                                .filter(member -> there.remove(member) != null)
                                .count();
                    case "ZCARD" -> (long) there.size();
                    case "ZSCORE" -> there.containsKey(a.get(1)) ? score(there.get(a.get(1))) : null;
                    case "ZRANGE" -> slice(byScore(there), a);
                    case "ZRANGEBYSCORE" -> names(within(there, a));
                    case "ZREMRANGEBYSCORE" -> removed(there, within(there, a));
                    case "ZRANGEBYLEX" -> byText(there, a);
                    default -> throw new CommandFailed("unknown command " + command);
                };
        keys.tidy(key);
        return answer;
    }

    private static String score(double score) {
        return score == Math.rint(score) ? Long.toString((long) score) : Double.toString(score);
    }

    private static List<Map.Entry<String, Double>> byScore(Sorted set) {
        return set.entrySet().stream()
                .sorted(Map.Entry.<String, Double>comparingByValue().thenComparing(Map.Entry.comparingByKey()))
                .toList();
    }

    private static List<String> names(List<Map.Entry<String, Double>> entries) {
        return entries.stream().map(Map.Entry::getKey).toList();
    }

    private static List<String> slice(List<Map.Entry<String, Double>> all, List<String> a) {
        int from = place(a.get(1), all.size());
        int to = Math.min(all.size(), place(a.get(2), all.size()) + 1);
        boolean scores = a.size() > 3;
        List<String> slice = new ArrayList<>();
        for (int i = Math.max(0, from); i < to; i++) {
            slice.add(all.get(i).getKey());
            if (scores) {
                slice.add(score(all.get(i).getValue()));
            }
        }
        return slice;
    }

    private static int place(String text, int size) {
        int place = Integer.parseInt(text);
        return place < 0 ? size + place : place;
    }

    private static List<Map.Entry<String, Double>> within(Sorted set, List<String> a) {
        return byScore(set).stream()
                .filter(entry -> isAbove(a.get(1), entry.getValue()) && isBelow(a.get(2), entry.getValue()))
                .toList();
    }

    private static boolean isAbove(String least, double score) {
        return least.equals("-inf")
                || (least.startsWith("(")
                        ? score > Double.parseDouble(least.substring(1))
                        : score >= Double.parseDouble(least));
    }

    private static boolean isBelow(String most, double score) {
        return most.equals("+inf") || score <= Double.parseDouble(most);
    }

    private static Long removed(Sorted set, List<Map.Entry<String, Double>> gone) {
        names(gone).forEach(set::remove);
        return (long) gone.size();
    }

    private static List<String> byText(Sorted set, List<String> a) {
        String from = a.get(1);
        return set.keySet().stream()
                .filter(name -> from.equals("-") || name.compareTo(from.substring(1)) > 0)
                .skip(Long.parseLong(a.get(4)))
                .limit(Long.parseLong(a.get(5)))
                .toList();
    }

    // ---- streams

    private Object stream(String command, List<String> a) {
        String key = a.get(0);
        if (command.equals("XADD")) {
            EntryId id = EntryId.of(a.get(1));
            List<String> fields = List.copyOf(a.subList(2, a.size()));
            keys.make(key, Entries.class, Entries::new).append(id, fields);
            witness.added(key, id, fields);
            return id.toString();
        }
        Entries there = keys.get(key, Entries.class);
        Entries entries = there == null ? new Entries() : there;
        return switch (command) {
            case "XLEN" -> (long) entries.size();
            case "XRANGE" -> range(entries, a);
            case "XTRIM" -> trim(key, entries, EntryId.of(a.get(2)));
            default -> throw new CommandFailed("unknown command " + command);
        };
    }

    private static Object range(Entries entries, List<String> a) {
        NavigableMap<EntryId, List<String>> rest = entries;
        if (a.get(1).startsWith("(")) {
            rest = entries.tailMap(EntryId.of(a.get(1).substring(1)), false);
        }
        long most = a.size() > 4 ? number(a.get(4)) : Long.MAX_VALUE;
        List<Object> page = new ArrayList<>();
        for (Map.Entry<EntryId, List<String>> entry : rest.entrySet()) {
            if (page.size() >= most) {
                break;
            }
            page.add(List.of(entry.getKey().toString(), entry.getValue()));
        }
        return page;
    }

    private Long trim(String key, Entries entries, EntryId least) {
        NavigableMap<EntryId, List<String>> gone = entries.headMap(least, false);
        long count = gone.size();
        if (count > 0) {
            witness.trimmed(key, gone.lastKey());
            gone.clear();
        }
        return count;
    }
}
