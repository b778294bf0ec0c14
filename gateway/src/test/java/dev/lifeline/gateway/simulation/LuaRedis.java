package dev.lifeline.gateway.simulation;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.lifeline.gateway.simulation.Keyspace.CommandFailed;
import io.vertx.core.buffer.Buffer;
import io.vertx.redis.client.Response;
import io.vertx.redis.client.impl.types.BulkType;
import io.vertx.redis.client.impl.types.ErrorType;
import io.vertx.redis.client.impl.types.MultiType;
import io.vertx.redis.client.impl.types.NumberType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.luaj.vm2.Globals;
import org.luaj.vm2.LuaError;
import org.luaj.vm2.LuaString;
import org.luaj.vm2.LuaTable;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.Varargs;
import org.luaj.vm2.lib.VarArgFunction;
import org.luaj.vm2.lib.jse.JsePlatform;

/**
 * Runs the gateway's own Lua scripts as Redis would, upon {@link Commands}. One interpreter serves one thread, and as many
 * simulated servers as come and go there.
 */
final class LuaRedis {

    private static final ThreadLocal<LuaRedis> HERE = ThreadLocal.withInitial(LuaRedis::new);

    private final Globals globals = JsePlatform.standardGlobals();
    private final Map<String, LuaValue> compiled = new HashMap<>();
    private Commands commands;

    private LuaRedis() {
        LuaTable redis = new LuaTable();
        redis.set("call", new Call());
        redis.set("pcall", new Call());
        globals.set("redis", redis);
        globals.set("unpack", globals.get("table").get("unpack"));
        globals.get("string").set("format", new WholeNumbers());
    }

    /** The one of this thread. */
    static LuaRedis here() {
        return HERE.get();
    }

    /** Runs a script to its end; the answer may be an {@link ErrorType}. */
    Response run(String script, Commands on, List<String> keys, List<String> arguments) {
        commands = on;
        globals.set("KEYS", table(keys));
        globals.set("ARGV", table(arguments));
        try {
            return response(function(script).call());
        } catch (LuaError wrong) {
            return ErrorType.create("ERR " + wrong.getMessage());
        }
    }

    private LuaValue function(String script) {
        LuaValue known = compiled.get(script);
        if (known == null) {
            known = globals.load(script, "script");
            compiled.put(script, known);
        }
        return known;
    }

    /** {@code redis.call}, and {@code redis.pcall} of what is never refused here. */
    private final class Call extends VarArgFunction {

        @Override
        public Varargs invoke(Varargs given) {
            List<String> arguments = new ArrayList<>(given.narg());
            for (int i = 2; i <= given.narg(); i++) {
                arguments.add(text(given.arg(i)));
            }
            try {
                return value(commands.call(text(given.arg(1)), arguments));
            } catch (CommandFailed failed) {
                throw new LuaError(failed.getMessage());
            }
        }
    }

    /** {@code string.format} as far as it is used: the interpreter's own prints large numbers with an exponent. */
    private static final class WholeNumbers extends VarArgFunction {

        @Override
        public Varargs invoke(Varargs given) {
            if (!given.checkjstring(1).equals("%.0f")) {
                throw new LuaError("no such format here: " + given.arg1());
            }
            return LuaValue.valueOf(Long.toString(Math.round(given.checkdouble(2))));
        }
    }

    // ---- Lua and Java

    private static String text(LuaValue value) {
        LuaString string = value.checkstring();
        return new String(string.m_bytes, string.m_offset, string.m_length, ISO_8859_1);
    }

    private static LuaValue value(Object answer) {
        if (answer == null) {
            return LuaValue.FALSE;
        } else if (answer instanceof Long number) {
            return LuaValue.valueOf(number);
        } else if (answer instanceof List<?> list) {
            return table(list);
        }
        return LuaString.valueUsing(answer.toString().getBytes(ISO_8859_1));
    }

    private static LuaTable table(List<?> list) {
        LuaTable table = new LuaTable(list.size(), 0);
        for (int i = 0; i < list.size(); i++) {
            table.rawset(i + 1, value(list.get(i)));
        }
        return table;
    }

    // ---- Lua and the client

    private static Response response(LuaValue value) {
        if (value.istable()) {
            return list(value.checktable());
        } else if (value.isboolean()) {
            return value.toboolean() ? NumberType.create(1L) : null;
        } else if (value.type() == LuaValue.TNUMBER) {
            return NumberType.create(value.tolong());
        } else if (value.isnil()) {
            return null;
        }
        LuaString string = value.checkstring();
        byte[] bytes = new byte[string.m_length];
        string.copyInto(0, bytes, 0, bytes.length);
        return BulkType.create(Buffer.buffer(bytes), false);
    }

    private static Response list(LuaTable table) {
        int size = 0;
        while (!table.rawget(size + 1).isnil()) {
            size++;
        }
        MultiType list = MultiType.create(size, false);
        for (int i = 1; i <= size; i++) {
            list.add(response(table.rawget(i)));
        }
        return list;
    }
}
