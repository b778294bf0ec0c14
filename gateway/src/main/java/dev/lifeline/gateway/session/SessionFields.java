package dev.lifeline.gateway.session;

import dev.lifeline.gateway.session.Session.Opening;
import dev.lifeline.gateway.session.Session.Owner;
import dev.lifeline.gateway.session.Session.Presence;
import dev.lifeline.gateway.session.Session.Transport;
import io.vertx.redis.client.Response;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Sessions and exchanges as fields of a hash in Redis, and back; see {@code session.lua}. Nulls are left out. What is read
 * as a record comes as values in the order in which the script names the fields.
 */
final class SessionFields {

    private static final String YES = "1";
    private static final String NO = "0";
    private static final int OPENING = 5;
    private static final int LINK = 10;
    private static final int PRESENCE = 16;

    private SessionFields() {}

    static List<String> of(Session session) {
        List<String> fields = new ArrayList<>(48);
        put(fields, "principal", session.owner().principal());
        put(fields, "transport", session.owner().transport().name());
        put(fields, "origin", session.owner().origin());
        put(fields, "key", session.owner().key());
        put(fields, "upstream", session.upstream());
        fields.addAll(of(session.opening()));
        fields.addAll(of(session.link()));
        put(fields, "node", session.presence().node());
        put(fields, "listening", flag(session.presence().listening()));
        put(fields, "written", session.presence().written());
        put(fields, "changed", Long.toString(session.presence().changed().toEpochMilli()));
        return fields;
    }

    static List<String> of(Opening opening) {
        List<String> fields = new ArrayList<>(12);
        put(fields, "initialize", opening.initialize());
        put(fields, "revision", opening.revision());
        put(fields, "clientName", opening.clientName());
        put(fields, "clientVersion", opening.clientVersion());
        put(fields, "initialized", flag(opening.initialized()));
        return fields;
    }

    static List<String> of(LinkState link) {
        List<String> fields = new ArrayList<>(12);
        put(fields, "generation", Long.toString(link.generation()));
        put(fields, "holder", link.holder());
        put(fields, "upstreamSession", link.upstreamSession());
        put(fields, "endpoint", link.endpoint());
        put(fields, "agreed", link.revision());
        put(fields, "lastEventId", link.lastEventId());
        return fields;
    }

    static void put(List<String> fields, Exchange exchange) {
        put(fields, "i" + exchange.key(), exchange.id());
        put(fields, "s" + exchange.key(), exchange.stream());
        put(fields, "n" + exchange.key(), exchange.node());
        put(fields, "r" + exchange.key(), exchange.request());
        put(fields, "m" + exchange.key(), exchange.method());
        put(fields, "e" + exchange.key(), exchange.upstreamEventId());
    }

    /** The names of all fields an exchange can have. */
    static List<String> of(String exchange) {
        return List.of(
                "i" + exchange,
                "s" + exchange,
                "n" + exchange,
                "r" + exchange,
                "m" + exchange,
                "e" + exchange,
                "f" + exchange);
    }

    private static void put(List<String> fields, String name, String value) {
        if (value != null) {
            fields.add(name);
            fields.add(value);
        }
    }

    private static String flag(boolean on) {
        return on ? YES : NO;
    }

    /** Reads the values of a record, which begin at an index of the answer. */
    static Session session(String id, Response values, int from) {
        Owner owner = new Owner(
                text(values, from),
                Transport.valueOf(text(values, from + 1)),
                text(values, from + 2),
                text(values, from + 3));
        return new Session(
                id,
                owner,
                text(values, from + 4),
                opening(values, from + OPENING),
                link(values, from + LINK),
                presence(values, from + PRESENCE));
    }

    private static Opening opening(Response values, int from) {
        return new Opening(
                text(values, from),
                text(values, from + 1),
                text(values, from + 2),
                text(values, from + 3),
                YES.equals(text(values, from + 4)));
    }

    static LinkState link(Response values, int from) {
        return new LinkState(
                values.get(from).toLong(),
                text(values, from + 1),
                text(values, from + 2),
                text(values, from + 3),
                text(values, from + 4),
                text(values, from + 5));
    }

    private static Presence presence(Response values, int from) {
        return new Presence(
                text(values, from),
                YES.equals(text(values, from + 1)),
                text(values, from + 2),
                Instant.ofEpochMilli(values.get(from + 3).toLong()));
    }

    private static String text(Response values, int at) {
        Response value = values.get(at);
        return value == null ? null : value.toString();
    }

    /** Reads exchanges; those that were taken from a node only, if one is named. */
    static List<Exchange> exchanges(Response answer, String takenFrom) {
        Map<String, Map<Character, String>> byKey = new LinkedHashMap<>();
        for (int i = 0; i < answer.size(); i += 2) {
            String field = answer.get(i).toString();
            byKey.computeIfAbsent(field.substring(1), key -> new LinkedHashMap<>())
                    .put(field.charAt(0), answer.get(i + 1).toString());
        }
        List<Exchange> exchanges = new ArrayList<>();
        byKey.forEach((key, parts) -> {
            if (takenFrom == null || takenFrom.equals(parts.get('f'))) {
                exchanges.add(exchange(key, parts));
            }
        });
        return exchanges;
    }

    private static Exchange exchange(String key, Map<Character, String> parts) {
        return new Exchange(
                key, parts.get('i'), parts.get('s'), parts.get('n'), parts.get('r'), parts.get('m'), parts.get('e'));
    }
}
