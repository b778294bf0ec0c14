package dev.lifeline.gateway.fake;

import io.vertx.core.http.HttpServerResponse;
import java.util.ArrayList;
import java.util.List;

/** One event stream of a {@link FakeMcpServer}, which may outlive the connections it is read by. */
final class FakeMcpServerStream {

    private String name;
    private final boolean ids;
    private final List<String> events = new ArrayList<>();
    private HttpServerResponse reader;
    private boolean over;
    private int cutAfter = -1;

    FakeMcpServerStream(String name, boolean ids) {
        this.name = name;
        this.ids = ids;
    }

    /** Breaks the connection when so many events have been written to it. */
    void cutAfter(int events) {
        cutAfter = events;
    }

    void named(String name) {
        this.name = name;
    }

    int length() {
        return events.size();
    }

    boolean isRead() {
        return reader != null;
    }

    /** A connection reads on after so many events. */
    void attach(HttpServerResponse response, int after) {
        begin(response);
        go(after);
    }

    /** The same for the legacy transport, where the first event says where to post. */
    void attachLegacy(HttpServerResponse response, String endpoint, int after) {
        begin(response);
        response.write("event: endpoint\ndata: " + endpoint + "\n\n");
        go(after);
    }

    private void begin(HttpServerResponse response) {
        hangUp();
        reader = response;
        response.closeHandler(closed -> {
            if (reader == response) {
                reader = null;
            }
        });
        response.setChunked(true).putHeader("Content-Type", "text/event-stream").writeHead();
    }

    private void go(int after) {
        for (int i = after; i < events.size() && reader != null; i++) {
            write(i);
        }
        if (over) {
            end();
        }
    }

    /** The first event of a stream whose server may close it before it is over. */
    void prime(Long retryMillis) {
        events.add("");
        if (reader != null) {
            reader.write((retryMillis == null ? "" : "retry: " + retryMillis + "\n") + "id: " + name + "_"
                    + events.size() + "\ndata: \n\n");
        }
    }

    void say(String data) {
        if (!ids && reader == null) {
            return;
        }
        events.add(data);
        if (reader != null) {
            write(events.size() - 1);
        }
    }

    /** Writes bytes as they are. */
    void raw(String bytes) {
        if (reader != null) {
            reader.write(bytes);
        }
    }

    void last(String data) {
        over = true;
        say(data);
        end();
    }

    private void write(int index) {
        String id = ids ? "id: " + name + "_" + (index + 1) + "\n" : "";
        if (cutAfter == 0) {
            cut();
        } else {
            cutAfter--;
            reader.write(id + "event: message\ndata: " + events.get(index) + "\n\n");
            if (cutAfter == 0) {
                cut();
            }
        }
    }

    /** Ends the connection properly; the stream may go on. */
    void end() {
        if (reader != null) {
            HttpServerResponse was = reader;
            reader = null;
            was.end();
        }
    }

    /** Ends it in the middle. */
    void cut() {
        cutAfter = -1;
        hangUp();
    }

    private void hangUp() {
        if (reader != null) {
            HttpServerResponse was = reader;
            reader = null;
            was.write("").onComplete(flushed -> was.reset());
        }
    }
}
