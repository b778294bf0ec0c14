package dev.lifeline.gateway.upstream;

import dev.lifeline.gateway.client.Complaints;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the processes of an upstream say on standard error, in the log: some lines a second, none of great length. */
final class ErrorLog {

    private static final Logger LOG = LoggerFactory.getLogger(ErrorLog.class);
    private static final int LONGEST_READ = 64 * 1024;
    private static final int LONGEST = 500;
    private static final int MOST = 20;
    private static final long INTERVAL = TimeUnit.SECONDS.toNanos(1);

    private final String upstream;
    private long intervalBegan = System.nanoTime();
    private int said;
    private long unsaid;

    ErrorLog(String upstream) {
        this.upstream = upstream;
    }

    /** Reads a process's standard error to its end. Blocks. */
    void read(InputStream in) {
        try (in) {
            Lines lines = new Lines(in, LONGEST_READ);
            for (byte[] line = lines.next(); line != null; line = lines.next()) {
                say(new String(line, StandardCharsets.UTF_8));
            }
        } catch (IOException gone) {
            LOG.debug("standard error of {} is gone: {}", upstream, gone.toString());
        }
    }

    private synchronized void say(String line) {
        long now = System.nanoTime();
        if (now - intervalBegan > INTERVAL) {
            intervalBegan = now;
            said = 0;
        }
        if (said == MOST) {
            unsaid++;
            return;
        }
        said++;
        LOG.atInfo()
                .addKeyValue("upstream", upstream)
                .addKeyValue("unsaid", unsaid)
                .log(Complaints.shown(line, LONGEST));
        unsaid = 0;
    }
}
