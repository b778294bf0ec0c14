package dev.lifeline.gateway.simulation;

import dev.lifeline.gateway.time.Time;
import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** The time of one life, and as much of a Vert.x as its link to Redis needs: timers, and a context to run on. */
final class LifeTime implements Time {

    private final World world;
    private final Life life;
    private final Map<Long, Alarm> timers = new HashMap<>();
    private long numbers;

    LifeTime(World world, Life life) {
        this.world = world;
        this.life = life;
    }

    @Override
    public long nanos() {
        return world.now();
    }

    @Override
    public Alarm after(Duration wait, Runnable action) {
        Ring ring = new Ring(action, 0);
        world.after(Math.max(1_000_000, wait.toNanos()), life, ring);
        return ring;
    }

    @Override
    public Alarm every(Duration period, Runnable action) {
        Ring ring = new Ring(action, Math.max(1_000_000, period.toNanos()));
        world.after(ring.period, life, ring);
        return ring;
    }

    @Override
    public void soon(Runnable action) {
        world.after(0, life, action);
    }

    /** An alarm, and what it does when it is due. */
    private final class Ring implements Alarm, Runnable {

        private final Runnable action;
        private final long period;
        private boolean cancelled;

        Ring(Runnable action, long period) {
            this.action = action;
            this.period = period;
        }

        @Override
        public void run() {
            if (cancelled) {
                return;
            }
            if (period > 0) {
                world.after(period, life, this);
            }
            action.run();
        }

        @Override
        public void cancel() {
            cancelled = true;
        }
    }

    Vertx vertx() {
        Context context = made(Context.class, (proxy, method, arguments) -> {
            if (!method.getName().equals("runOnContext")) {
                throw new UnsupportedOperationException(method.toString());
            }
            soon(() -> call(arguments[0]));
            return null;
        });
        return made(Vertx.class, (proxy, method, arguments) -> switch (method.getName()) {
            case "getOrCreateContext" -> context;
            case "setTimer" -> keep(after(millis(arguments[0]), () -> call(arguments[1])));
            case "setPeriodic" -> keep(every(millis(arguments[0]), () -> call(arguments[1])));
            case "cancelTimer" -> cancel((Long) arguments[0]);
            default -> throw new UnsupportedOperationException(method.toString());
        });
    }

    private static <T> T made(Class<T> type, InvocationHandler behaviour) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, behaviour));
    }

    /** Calls what Vert.x is given to call; nobody here looks at what with. */
    private static void call(Object given) {
        ((Handler<?>) given).handle(null);
    }

    private static Duration millis(Object count) {
        return Duration.ofMillis((Long) count);
    }

    private Long keep(Alarm alarm) {
        timers.put(++numbers, alarm);
        return numbers;
    }

    private Boolean cancel(Long number) {
        Alarm alarm = timers.remove(number);
        if (alarm != null) {
            alarm.cancel();
        }
        return alarm != null;
    }
}
