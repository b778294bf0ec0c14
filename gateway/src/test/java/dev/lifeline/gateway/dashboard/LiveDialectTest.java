package dev.lifeline.gateway.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lifeline.event.Cursor;
import dev.lifeline.gateway.log.Gap;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** What the live stream says of itself. */
class LiveDialectTest {

    @Test
    void aGapIsAPlaceToGoOnFromAndNoMore() {
        Cursor to = new Cursor(7, 3);

        String said = new String(
                LiveDialect.ONLY.gap(new Gap(new Cursor(7, 1), to, Gap.Reason.EVICTED)), StandardCharsets.UTF_8);

        assertThat(said).isEqualTo("id: " + to + "\nevent: gap\ndata: {}\n\n");
    }
}
