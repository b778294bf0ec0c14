import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** One HTTP/1.1 connection that counts every byte it carries: no more of HTTP than a gateway on this machine needs. */
final class Wire implements Closeable {

    /** All bytes of all connections, both ways. */
    static final AtomicLong BYTES = new AtomicLong();

    private final Socket socket;
    private final InputStream in;
    private long left;
    private boolean chunked;

    Wire(int port) throws IOException {
        socket = new Socket("127.0.0.1", port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(30_000);
        in = new BufferedInputStream(socket.getInputStream(), 16 * 1024);
    }

    /** Sends a request; headers alternate names and values. */
    void send(String method, String path, String body, String... headers) throws IOException {
        StringBuilder request = new StringBuilder(method + " " + path + " HTTP/1.1\r\nHost: localhost\r\n");
        for (int i = 0; i < headers.length; i += 2) {
            request.append(headers[i]).append(": ").append(headers[i + 1]).append("\r\n");
        }
        if (body != null) {
            request.append("Content-Type: application/json\r\nContent-Length: " + body.getBytes(UTF_8).length + "\r\n");
        }
        byte[] bytes = request.append("\r\n").append(body == null ? "" : body).toString().getBytes(UTF_8);
        socket.getOutputStream().write(bytes);
        BYTES.addAndGet(bytes.length);
    }

    /** Reads the head of a response: its headers in lower case, and the status as ":status". */
    Map<String, String> head() throws IOException {
        Map<String, String> head = new HashMap<>();
        head.put(":status", line().split(" ")[1]);
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            head.put(line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
        }
        chunked = "chunked".equalsIgnoreCase(head.get("transfer-encoding"));
        left = chunked ? 0 : Long.parseLong(head.getOrDefault("content-length", "0"));
        return head;
    }

    /** The rest of a response. */
    String body() throws IOException {
        StringBuilder body = new StringBuilder();
        for (int b = next(); b >= 0; b = next()) {
            body.append((char) b);
        }
        return body.toString();
    }

    /** The data of the next event of a response that is a stream, or null at its end. */
    String event() throws IOException {
        StringBuilder line = new StringBuilder();
        String data = "";
        for (int b = next(); b >= 0; b = next()) {
            if (b != '\n') {
                line.append((char) b);
                continue;
            }
            if (line.length() == 0 && !data.isEmpty()) {
                return data;
            }
            data = line.indexOf("data: ") == 0 ? line.substring(6) : data;
            line.setLength(0);
        }
        return null;
    }

    /** A byte of the body, or -1 at its end. */
    private int next() throws IOException {
        if (left == 0 && !(chunked && chunk())) {
            return -1;
        }
        left--;
        int b = read();
        if (left == 0 && chunked) {
            line();
        }
        return b;
    }

    private boolean chunk() throws IOException {
        left = Long.parseLong(line(), 16);
        if (left == 0) {
            line();
            chunked = false;
        }
        return left > 0;
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int b = read(); b != '\n'; b = read()) {
            if (b != '\r') {
                line.append((char) b);
            }
        }
        return line.toString();
    }

    private int read() throws IOException {
        int b = in.read();
        if (b < 0) {
            throw new EOFException("the gateway closed the connection");
        }
        BYTES.incrementAndGet();
        return b;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
