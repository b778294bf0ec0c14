import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Calls a tool through a gateway over one of the transports, or holds sessions open, and prints what it took as JSON.
 *
 * <pre>
 *   java Load calls legacy|streamable PORT SESSIONS SECONDS
 *   java Load hold  legacy|streamable|silent PORT SESSIONS
 * </pre>
 *
 * One thread a session, one call at a time: each calls again when it has its answer. Every answer is checked. "hold" says
 * "held" when all sessions are open, and ends with its input; "silent" is Streamable HTTP without a standing stream.
 */
final class Load {

    private static final String INITIALIZE = "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"initialize\",\"params\":"
            + "{\"protocolVersion\":\"2025-06-18\",\"capabilities\":{},\"clientInfo\":{\"name\":\"compare\",\"version\":\"1\"}}}";
    private static final String INITIALIZED = "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}";
    private static final long WARM_UP_NANOS = 2_000_000_000L;

    private Load() {}

    /** A conversation with the gateway. */
    interface Session extends AutoCloseable {

        /** Sends a request and returns its answer. */
        String call(String request) throws IOException;

        @Override
        void close() throws IOException;
    }

    /** GET /sse and POST /messages. */
    record Legacy(Wire stream, Wire posts, String endpoint) implements Session {

        static Session open(int port) throws IOException {
            Wire stream = new Wire(port);
            stream.send("GET", "/sse", null, "Accept", "text/event-stream");
            stream.head();
            Legacy session = new Legacy(stream, new Wire(port), stream.event());
            session.call(INITIALIZE);
            session.post(INITIALIZED);
            return session;
        }

        private void post(String message) throws IOException {
            posts.send("POST", endpoint, message);
            require(posts.head(), "202");
            posts.body();
        }

        @Override
        public String call(String request) throws IOException {
            post(request);
            return stream.event();
        }

        @Override
        public void close() throws IOException {
            stream.close();
            posts.close();
        }
    }

    /** POST /mcp, and GET /mcp where it listens. */
    record Streamable(Wire posts, Wire stream, String id) implements Session {

        static Session open(int port, boolean listens) throws IOException {
            Wire posts = new Wire(port);
            posts.send("POST", "/mcp", INITIALIZE, "Accept", "application/json, text/event-stream");
            Map<String, String> head = posts.head();
            require(head, "200");
            posts.body();
            String id = head.get("mcp-session-id");
            Streamable session = new Streamable(posts, listens ? new Wire(port) : null, id);
            session.send(INITIALIZED);
            require(posts.head(), "202");
            posts.body();
            if (listens) {
                session.stream.send("GET", "/mcp", null, "Accept", "text/event-stream", "Mcp-Session-Id", id);
                require(session.stream.head(), "200");
            }
            return session;
        }

        private void send(String message) throws IOException {
            posts.send(
                    "POST",
                    "/mcp",
                    message,
                    "Accept",
                    "application/json, text/event-stream",
                    "Mcp-Session-Id",
                    id,
                    "MCP-Protocol-Version",
                    "2025-06-18");
        }

        @Override
        public String call(String request) throws IOException {
            send(request);
            boolean events = posts.head().getOrDefault("content-type", "").startsWith("text/event-stream");
            String body = events ? posts.event() : posts.body();
            if (events) {
                posts.body();
            }
            return body;
        }

        @Override
        public void close() throws IOException {
            posts.close();
            if (stream != null) {
                stream.close();
            }
        }
    }

    private static void require(Map<String, String> head, String status) throws IOException {
        if (!status.equals(head.get(":status"))) {
            throw new IOException("answered " + head.get(":status") + " instead of " + status);
        }
    }

    private static Session open(String transport, int port) throws IOException {
        return transport.equals("legacy")
                ? Legacy.open(port)
                : Streamable.open(port, transport.equals("streamable"));
    }

    public static void main(String[] args) throws Exception {
        int port = Integer.parseInt(args[2]);
        int sessions = Integer.parseInt(args[3]);
        if (args[0].equals("hold")) {
            hold(args[1], port, sessions);
        } else {
            new Calls(args[1], port, sessions, Double.parseDouble(args[4])).run();
        }
    }

    private static void hold(String transport, int port, int sessions) throws IOException {
        List<Session> held = new ArrayList<>();
        for (int i = 0; i < sessions; i++) {
            held.add(open(transport, port));
        }
        System.out.println("held");
        System.in.read();
        for (Session session : held) {
            session.close();
        }
    }

    /** Sessions that call in parallel for a while. */
    private static final class Calls {

        private final String transport;
        private final int port;
        private final long[][] took;
        private final AtomicLong faults = new AtomicLong();
        private final long begin;
        private final long end;
        private volatile long bytesAtBegin = -1;

        Calls(String transport, int port, int sessions, double seconds) {
            this.transport = transport;
            this.port = port;
            this.took = new long[sessions][];
            this.begin = System.nanoTime() + WARM_UP_NANOS;
            this.end = begin + (long) (seconds * 1e9);
        }

        void run() throws InterruptedException {
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < took.length; i++) {
                int number = i;
                threads.add(new Thread(() -> callOn(number)));
            }
            threads.forEach(Thread::start);
            Thread.sleep(Math.max(1, (begin - System.nanoTime()) / 1_000_000));
            bytesAtBegin = Wire.BYTES.get();
            for (Thread thread : threads) {
                thread.join();
            }
            print(Wire.BYTES.get() - bytesAtBegin);
        }

        private void callOn(int number) {
            long[] mine = new long[1 << 18];
            int count = 0;
            try (Session session = open(transport, port)) {
                for (int i = 1; System.nanoTime() < end; i++) {
                    long took = call(session, number + "-" + i, i);
                    if (System.nanoTime() - took >= begin && count < mine.length) {
                        mine[count++] = took;
                    }
                }
            } catch (IOException | RuntimeException e) {
                faults.incrementAndGet();
                System.err.println(e);
            }
            took[number] = Arrays.copyOf(mine, count);
        }

        private long call(Session session, String text, int id) throws IOException {
            long sent = System.nanoTime();
            String answer = session.call("{\"jsonrpc\":\"2.0\",\"id\":" + id
                    + ",\"method\":\"tools/call\",\"params\":{\"name\":\"echo\",\"arguments\":{\"text\":\"" + text + "\"}}}");
            if (answer == null || !answer.contains("\"" + text + "\"")) {
                faults.incrementAndGet();
            }
            return System.nanoTime() - sent;
        }

        private void print(long bytes) {
            long[] all = Arrays.stream(took).flatMapToLong(Arrays::stream).sorted().toArray();
            double seconds = (end - begin) / 1e9;
            System.out.printf(
                    java.util.Locale.ROOT,
                    "{\"calls_per_s\":%.1f,\"p50_ms\":%.4f,\"p95_ms\":%.4f,\"bytes_a_call\":%.1f,\"faults\":%d}%n",
                    all.length / seconds,
                    at(all, 0.5),
                    at(all, 0.95),
                    all.length == 0 ? 0 : (double) bytes / all.length,
                    faults.get());
        }

        private static double at(long[] sorted, double part) {
            return sorted.length == 0 ? 0 : sorted[(int) (part * (sorted.length - 1))] / 1e6;
        }
    }
}
