package dev.lifeline.gateway.session;

import dev.lifeline.gateway.log.LogUnavailable;
import io.vertx.core.Future;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A store some of whose answers are lost, or that does not hear some of what it is told. */
final class ForgetfulStore {

    /** What becomes of a call. */
    enum Loss {
        QUESTION,
        ANSWER
    }

    private final SessionStore real;
    private final Map<String, Loss> next = new ConcurrentHashMap<>();

    ForgetfulStore(SessionStore real) {
        this.real = real;
    }

    /** The next call of this name is lost, that one only. */
    void lose(String call, Loss what) {
        next.put(call, what);
    }

    SessionStore store() {
        return (SessionStore) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {SessionStore.class}, (proxy, method, arguments) -> {
                    Loss loss = next.remove(method.getName());
                    if (loss == Loss.QUESTION) {
                        return lost();
                    }
                    try {
                        Future<?> answer = (Future<?>) method.invoke(real, arguments);
                        return loss == null ? answer : answer.compose(done -> lost());
                    } catch (InvocationTargetException thrown) {
                        throw thrown.getCause();
                    }
                });
    }

    private static Future<Object> lost() {
        return Future.failedFuture(new LogUnavailable("lost"));
    }
}
