package dev.lifeline.gateway.redis;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A network between a client and a server that can hold back what the client sent on the connections there are, and
 * deliver it later, long after the client has gone; new connections pass freely.
 */
final class SlowRoad implements AutoCloseable {

    private final NetServer entrance;
    private final NetClient exit;
    private final List<Passage> passages = new CopyOnWriteArrayList<>();

    SlowRoad(Vertx vertx, int serverPort) {
        exit = vertx.createNetClient();
        entrance = vertx.createNetServer().connectHandler(client -> {
            client.pause();
            exit.connect(serverPort, "127.0.0.1").onSuccess(server -> {
                passages.add(new Passage(client, server));
                client.resume();
            });
        });
        Facts.get(entrance.listen(0, "127.0.0.1"));
    }

    int port() {
        return entrance.actualPort();
    }

    void hold() {
        passages.forEach(Passage::hold);
    }

    /** Delivers what was held back; done when the server has been handed it, or would not take it any more. */
    Future<?> release() {
        return Future.join(passages.stream().map(Passage::release).toList()).otherwiseEmpty();
    }

    @Override
    public void close() {
        Facts.get(entrance.close());
        Facts.get(exit.close());
    }

    /** One connection through; what the client sends goes on unless held. */
    private static final class Passage {

        private final NetSocket server;
        private final List<Buffer> held = new ArrayList<>();
        private boolean holding;

        Passage(NetSocket client, NetSocket server) {
            this.server = server;
            client.handler(this::pass);
            server.handler(client::write);
        }

        private synchronized void pass(Buffer sent) {
            if (holding) {
                held.add(sent);
            } else {
                server.write(sent);
            }
        }

        synchronized void hold() {
            holding = true;
        }

        synchronized Future<Void> release() {
            Promise<Void> delivered = Promise.promise();
            Buffer all = Buffer.buffer();
            held.forEach(all::appendBuffer);
            server.write(all).onComplete(done -> delivered.complete());
            return delivered.future();
        }
    }
}
