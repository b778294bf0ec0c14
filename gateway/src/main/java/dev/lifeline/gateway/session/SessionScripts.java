package dev.lifeline.gateway.session;

import dev.lifeline.gateway.log.LogUnavailable;
import dev.lifeline.gateway.redis.RedisLink.Temper;
import dev.lifeline.gateway.redis.Script;
import dev.lifeline.gateway.redis.Scripts;
import io.vertx.core.Future;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.List;

/** Scripts run on the link, on keys of one prefix, with failures in the words of the store. */
record SessionScripts(Scripts link, String prefix) {

    private static final int LONGEST_ID = 128;

    /** What stands in a key as its hash tag, and needs no second look: everything else is nobody's id. */
    static boolean isId(String id) {
        return !id.isEmpty()
                && id.length() <= LONGEST_ID
                && id.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '{' && c != '}' && c != '*');
    }

    Future<Response> call(Script script, List<String> keys, List<String> arguments, Temper temper) {
        return link.call(script, keys, arguments, temper)
                .recover(failure -> Future.failedFuture(new LogUnavailable(failure.getMessage())));
    }

    Future<Response> onSession(Script script, String id, Temper temper, String... arguments) {
        return call(script, keys(id), List.of(arguments), temper);
    }

    /** The keys of a session share a hash tag, so that a cluster keeps them on one of its nodes. */
    List<String> keys(String id) {
        String tagged = prefix + ":session:{" + id + "}";
        return List.of(tagged, tagged + ":exchanges");
    }

    String key(String name) {
        return prefix + ":" + name;
    }

    static List<String> texts(Response answer) {
        List<String> texts = new ArrayList<>(answer.size());
        answer.forEach(text -> texts.add(text.toString()));
        return texts;
    }
}
