package dev.lifeline.gateway.simulation;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.lifeline.event.Cursor;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import io.vertx.redis.client.impl.RequestImpl;
import io.vertx.redis.client.impl.types.BulkType;
import io.vertx.redis.client.impl.types.ErrorType;
import io.vertx.redis.client.impl.types.SimpleStringType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A Redis in the world, as a gateway sees it: connections on which requests travel in order, are carried out, and
 * answered, unless something befalls the connection or the server on the way.
 */
final class RedisServer {

    /** Since this date, in microseconds, by the clock of the server; which jumps. */
    private static final long BIRTH = 1_790_000_000_000_000L;

    private final World world;
    private final Options options;
    private final Met met;
    private final Commands commands;
    private final History history;
    private final Map<String, String> scripts = new HashMap<>();
    private final Map<String, Connection> connections = new LinkedHashMap<>();
    private final List<Keyspace> copies = new ArrayList<>();
    private long jumped;
    private boolean up = true;
    private boolean calm;
    private long slowUntil;
    private int addresses;

    RedisServer(World world, Options options, Met met, History history) {
        this.history = history;
        this.world = world;
        this.options = options;
        this.met = met;
        this.commands = new Commands(() -> BIRTH + world.now() / 1000 + jumped, history);
    }

    Commands commands() {
        return commands;
    }

    // ---- what befalls it

    void jump(Duration by) {
        jumped += by.toNanos() / 1000;
    }

    void slowFor(Duration time) {
        slowUntil = world.now() + time.toNanos();
    }

    /** Keeps a copy of what it holds, to be gone back to. */
    void save() {
        copies.add(commands.keys().copy());
    }

    /** It is gone, at once for everybody; or nobody hears of it, and it only falls silent. */
    void stop(boolean silently) {
        up = false;
        scripts.clear();
        List<Connection> lost = List.copyOf(connections.values());
        connections.clear();
        lost.forEach(connection -> connection.lose(silently));
    }

    void start() {
        up = true;
        commands.drawRun();
    }

    /** Goes back to an older copy; says whether there is one. */
    boolean restore() {
        if (copies.isEmpty()) {
            return false;
        }
        commands.restore(copies.remove(copies.size() - 1));
        copies.clear();
        return true;
    }

    void wipe() {
        commands.wipe();
        copies.clear();
    }

    /** Cuts every connection of one life. */
    void cut(Life life) {
        List<Connection> lost =
                connections.values().stream().filter(it -> it.life == life).toList();
        lost.forEach(connection -> connection.lose(false));
    }

    private long delay() {
        return world.between(Duration.ofNanos(50_000), world.now() < slowUntil ? options.slowest() : options.quick());
    }

    /** From now on nothing is lost on the way. */
    void calm() {
        calm = true;
        slowUntil = 0;
    }

    private boolean fault(double probability) {
        return !calm && world.chance(probability);
    }

    /** The time by its clock. */
    long millis() {
        return (BIRTH + world.now() / 1000 + jumped) / 1000;
    }

    /** Where a stream ends, or null where there is none. */
    Cursor tail(String stream) {
        Keyspace.Hash meta = commands.keys().get(History.meta(stream), Keyspace.Hash.class);
        return meta == null || meta.get("epoch") == null
                ? null
                : new Cursor(Long.parseLong(meta.get("epoch")), Long.parseLong(meta.get("tail")));
    }

    // ---- who speaks to it

    /** A client of one life. */
    Redis client(Life life) {
        return new Client(life);
    }

    private final class Client implements Redis {

        private final Life life;
        private Connection connection;

        Client(Life life) {
            this.life = life;
        }

        @Override
        public Future<RedisConnection> connect() {
            if (!up) {
                return Future.failedFuture("connection refused");
            }
            connection = new Connection(life, "10.0.0.1:" + ++addresses);
            connections.put(connection.address, connection);
            return Future.succeededFuture(connection);
        }

        @Override
        public Future<Void> close() {
            // What was sent is not taken back by that.
            if (connection != null) {
                connection.deaf = true;
            }
            return Future.succeededFuture();
        }

        @Override
        public Future<Response> send(Request request) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Future<List<Response>> batch(List<Request> requests) {
            throw new UnsupportedOperationException();
        }
    }

    /** One connection: two ways, each in order. */
    private final class Connection implements RedisConnection {

        private final Life life;
        private final String address;
        private Handler<Void> ended = end -> {};
        private long arrival;
        private long answer;
        /** Whoever opened it listens no more. */
        private boolean deaf;

        Connection(Life life, String address) {
            this.life = life;
            this.address = address;
        }

        void lose(boolean silently) {
            connections.remove(address);
            if (!silently) {
                world.after(delay(), life, this::end);
            }
        }

        private void end() {
            if (!deaf) {
                deaf = true;
                ended.handle(null);
            }
        }

        private boolean isOpen() {
            return connections.get(address) == this;
        }

        @Override
        public Future<Response> send(Request request) {
            String command = request.command().toString();
            if (command.equals("ping")) {
                return Future.succeededFuture(SimpleStringType.create("PONG"));
            }
            List<String> arguments = new ArrayList<>();
            ((RequestImpl) request).getArgs().forEach(bytes -> arguments.add(new String(bytes, ISO_8859_1)));
            if (command.equals("client") && arguments.get(0).equals("INFO")) {
                return Future.succeededFuture(BulkType.create(Buffer.buffer("id=1 addr=" + address), false));
            }
            Promise<Response> promise = Promise.promise();
            arrival = Math.max(arrival, world.now() + delay());
            world.at(arrival, Life.ETERNAL, () -> arrive(command, arguments, promise));
            return promise.future();
        }

        private void arrive(String command, List<String> arguments, Promise<Response> promise) {
            if (!isOpen()) {
                return;
            }
            boolean script = command.startsWith("eval");
            if (script && fault(options.lostRequests())) {
                met.note(Met.Case.REQUEST_LOST);
                lose(world.chance(0.5));
                return;
            }
            Response said = carryOut(command, arguments);
            if (script && fault(options.lostAnswers())) {
                met.note(Met.Case.ERROR_AFTER_APPLY);
                lose(world.chance(0.5));
                return;
            }
            answer = Math.max(answer, world.now() + delay());
            world.at(answer, life, () -> tell(said, promise));
        }

        private void tell(Response said, Promise<Response> promise) {
            if (deaf) {
                return;
            }
            if (said instanceof ErrorType error) {
                promise.fail(error);
            } else {
                promise.complete(said);
            }
        }

        private Response carryOut(String command, List<String> a) {
            return switch (command) {
                case "eval" -> {
                    scripts.put(sha1(a.get(0)), a.get(0));
                    yield run(a.get(0), a);
                }
                case "evalsha" -> {
                    String text = scripts.get(a.get(0));
                    yield text == null ? ErrorType.create("NOSCRIPT No matching script") : run(text, a);
                }
                case "script" -> {
                    scripts.put(sha1(a.get(1)), a.get(1));
                    yield SimpleStringType.OK;
                }
                default -> {
                    Connection killed = connections.get(a.get(2));
                    if (killed != null) {
                        killed.lose(false);
                    }
                    yield SimpleStringType.OK;
                }
            };
        }

        private Response run(String script, List<String> a) {
            history.tell(() -> "script "
                    + script.lines()
                            .filter(line -> line.startsWith("-- ") && line.contains(":"))
                            .reduce((x, y) -> y)
                            .orElse("")
                            .split(":")[0]
                    + " "
                    + a.subList(2, Math.min(a.size(), 12)).stream()
                            .map(it -> it.length() > 40 ? it.substring(0, 40) : it)
                            .toList());
            int count = Integer.parseInt(a.get(1));
            return LuaRedis.here().run(script, commands, a.subList(2, 2 + count), a.subList(2 + count, a.size()));
        }

        @Override
        public RedisConnection endHandler(Handler<Void> handler) {
            ended = handler;
            return this;
        }

        @Override
        public RedisConnection exceptionHandler(Handler<Throwable> handler) {
            return this;
        }

        @Override
        public RedisConnection handler(Handler<Response> handler) {
            return this;
        }

        @Override
        public RedisConnection pause() {
            return this;
        }

        @Override
        public RedisConnection resume() {
            return this;
        }

        @Override
        public RedisConnection fetch(long amount) {
            return this;
        }

        @Override
        public Future<List<Response>> batch(List<Request> commands) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Future<Void> close() {
            deaf = true;
            return Future.succeededFuture();
        }

        @Override
        public boolean pendingQueueFull() {
            return false;
        }
    }

    private static final Map<String, String> DIGESTS = new java.util.concurrent.ConcurrentHashMap<>();

    private static String sha1(String text) {
        return DIGESTS.computeIfAbsent(text, key -> {
            try {
                return java.util.HexFormat.of()
                        .formatHex(
                                java.security.MessageDigest.getInstance("SHA-1").digest(key.getBytes(ISO_8859_1)));
            } catch (java.security.NoSuchAlgorithmException e) {
                throw new IllegalStateException(e);
            }
        });
    }
}
