package dev.lifeline.gateway.dashboard;

import dev.lifeline.event.Event;
import dev.lifeline.gateway.connection.Dialect;
import dev.lifeline.gateway.log.Gap;
import dev.lifeline.wire.SseEncoder;
import java.time.Instant;

/** What the live stream says beside its reports. A gap is an id and no more: the next report says all there is to say. */
enum LiveDialect implements Dialect {
    ONLY;

    @Override
    public byte[] gap(Gap gap) {
        return SseEncoder.event(gap.to().toString(), new Event("gap", "{}"));
    }

    @Override
    public byte[] heartbeat(Instant now) {
        return SseEncoder.comment(now.toString());
    }
}
