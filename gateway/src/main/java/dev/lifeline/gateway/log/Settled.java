package dev.lifeline.gateway.log;

import java.util.List;

/**
 * What the events of an append put an end to: fields of a hash in the same store, dropped in the same step, so that
 * nobody ever finds the one without the other.
 *
 * @param hash its key; it shares the hash tag of the stream
 * @param fields at least one
 */
public record Settled(String hash, List<String> fields) {

    public Settled {
        fields = List.copyOf(fields);
        if (fields.isEmpty()) {
            throw new IllegalArgumentException("nothing is settled");
        }
    }
}
