package dev.lifeline.gateway.fake;

import dev.lifeline.gateway.fake.Heard.Kind;
import dev.lifeline.wire.Bounds;
import dev.lifeline.wire.SseParser;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A subscriber that speaks bytes over a socket, hears everything and can be told to misbehave. */
public final class SseClient implements AutoCloseable, SseParser.Sink {

    private static final long PATIENCE_SECONDS = 15;

    private final Socket socket;
    private final String head;
    private final SseParser parser = new SseParser(Bounds.DEFAULT, this);
    private final Chunked chunked = new Chunked((bytes, range) -> parser.feed(bytes, range[0], range[1]));
    private final BlockingQueue<Heard> heard = new LinkedBlockingQueue<>();

    /** Reads the head of the answer at once, and its body once told to. */
    public SseClient(Socket socket, String request) {
        this.socket = socket;
        try {
            socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            head = readHead(socket.getInputStream());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Begins to listen; before, nothing is read, and the gateway's bytes pile up. */
    public SseClient listen() {
        Thread reader = new Thread(this::read, "client");
        reader.setDaemon(true);
        reader.start();
        return this;
    }

    private static String readHead(InputStream in) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        while (!bytes.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
            int b = in.read();
            if (b < 0) {
                break;
            }
            bytes.write(b);
        }
        return bytes.toString(StandardCharsets.ISO_8859_1);
    }

    private void read() {
        byte[] buffer = new byte[16 * 1024];
        boolean whole = header("transfer-encoding").isEmpty();
        try {
            socket.setSoTimeout(0);
            int count;
            while (!chunked.ended() && (count = socket.getInputStream().read(buffer)) >= 0) {
                if (whole) {
                    parser.feed(buffer, 0, count);
                } else {
                    chunked.feed(buffer, 0, count);
                }
            }
            tell(chunked.ended() || whole ? Kind.END : Kind.CUT, "", "", "");
        } catch (IOException e) {
            tell(Kind.CUT, "", "", String.valueOf(e.getMessage()));
        }
    }

    public int status() {
        return Integer.parseInt(head.split(" ")[1]);
    }

    /** The value of a header of the answer, or nothing. */
    public String header(String name) {
        return head.lines()
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(name + ":"))
                .map(line -> line.substring(name.length() + 1).strip())
                .findFirst()
                .orElse("");
    }

    /** The next thing heard. */
    public Heard next() {
        try {
            Heard next = heard.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (next == null) {
                throw new AssertionError("nothing heard for " + PATIENCE_SECONDS + " s");
            }
            return next;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The next thing of a kind; what comes before is passed over. */
    public Heard next(Kind kind) {
        return until(it -> it.is(kind)).get(0);
    }

    public Heard event() {
        return next(Kind.EVENT);
    }

    /** The one sought, and after it everything that came before it. */
    public List<Heard> until(Predicate<Heard> sought) {
        List<Heard> passed = new ArrayList<>();
        while (true) {
            Heard next = next();
            if (sought.test(next)) {
                passed.add(0, next);
                return passed;
            }
            if (next.is(Kind.CUT) || next.is(Kind.END)) {
                throw new AssertionError("the stream is over: " + next + " after " + passed);
            }
            passed.add(next);
        }
    }

    /** How it ended, once it has. */
    public Heard end() {
        return until(it -> it.is(Kind.END) || it.is(Kind.CUT)).get(0);
    }

    /** What was heard and not asked for yet. */
    public List<Heard> unread() {
        List<Heard> all = new ArrayList<>();
        heard.drainTo(all);
        return all;
    }

    /** Vanishes with a reset, as a killed process with unread bytes does. */
    public void reset() {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Socket socket() {
        return socket;
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void event(String id, String type, String data) {
        tell(Kind.EVENT, id, type, data);
    }

    @Override
    public void position(String lastEventId) {
        tell(Kind.POSITION, lastEventId, "", "");
    }

    @Override
    public void retry(long millis) {
        tell(Kind.RETRY, "", "", Long.toString(millis));
    }

    @Override
    public void comment(String beginning) {
        tell(Kind.COMMENT, "", "", beginning);
    }

    private void tell(Kind kind, String id, String type, String text) {
        heard.add(new Heard(kind, id, type, text, System.nanoTime()));
    }
}
