package dev.lifeline.gateway.stream;

import dev.lifeline.event.Cursor;
import dev.lifeline.gateway.log.Gap;
import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.MockTicker;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A client and its socket, and the oracle of what it may see: event after event without a hole, or a verdict between
 * that is true. What is written waits in the socket by reference, and is looked at when it leaves, so that bytes which
 * changed under way are noticed too.
 */
final class Client implements Outlet {

    private final History history;
    private final MockTicker ticker;
    private final int room;
    private final Deque<Runnable> socket = new ArrayDeque<>();
    private final Deque<ByteBuf> held = new ArrayDeque<>();
    private final List<String> seen = new ArrayList<>();
    private final boolean namedNothing;
    private int unsent;
    private Runnable resume;
    private Cursor cursor;
    private boolean broken;
    private boolean cut;
    private boolean superseded;
    private SimulatedClaims claims;
    private int name = Integer.MAX_VALUE;
    int events;

    Client(History history, MockTicker ticker, int room, Start start) {
        this.history = history;
        this.ticker = ticker;
        this.room = room;
        this.cursor = start.cursor();
        this.namedNothing = start.kind() == Start.Kind.UNKNOWN;
    }

    /** The last event this client has, which it would come back with. */
    Cursor cursor() {
        return cursor;
    }

    boolean isBroken() {
        return broken;
    }

    /** It is the newest of all readers, just now. */
    void claimsAs(SimulatedClaims all) {
        claims = all;
        name = all.newest();
    }

    boolean isSuperseded() {
        return superseded;
    }

    boolean isCut() {
        return cut;
    }

    @Override
    public void superseded() {
        require(!superseded && (claims.expecting || claims.newest() > name), "superseded by nobody");
        superseded = true;
    }

    @Override
    public boolean writable() {
        return unsent < room;
    }

    @Override
    public void whenWritable(Runnable callback) {
        resume = callback;
    }

    @Override
    public void write(Frames frames) {
        ticker.advance(1, TimeUnit.MICROSECONDS);
        require(!superseded, "written to after the end");
        for (String block : blocks(frames.plain())) {
            require(history.holder(data(block)) <= name, "said to somebody newer: " + data(block));
        }
        if (cut) {
            return;
        }
        ByteBuf chunks = frames.chunks();
        int bytes = frames.bytes();
        unsent += bytes;
        held.add(chunks);
        socket.add(() -> {
            unsent -= bytes;
            held.remove();
            receive(chunks);
        });
    }

    @Override
    public void position(Cursor at) {
        if (cut) {
            return;
        }
        socket.add(() -> {
            require(cursor == null, "told a position while it had one");
            seen.add("at " + at);
            cursor = at;
        });
    }

    @Override
    public void gap(Gap gap) {
        // A verdict is true or not when it is given.
        judge(gap);
        if (cut) {
            return;
        }
        socket.add(() -> {
            seen.add(gap.toString());
            require(gap.from() == null ? cursor == null : gap.from().equals(cursor), "a verdict about somewhere else");
            cursor = gap.to();
        });
    }

    private void judge(Gap gap) {
        boolean justified =
                switch (gap.reason()) {
                    case UNKNOWN -> namedNothing || history.wasRolledBack() || !history.everReached(gap.from());
                    case EPOCH -> gap.to().epoch() > gap.from().epoch();
                    case EVICTED -> history.evicted().isAfter(gap.from());
                };
        require(justified, "no reason for " + gap);
    }

    @Override
    public void broken() {
        broken = true;
    }

    /** The network takes something; says whether there was anything. */
    boolean drain() {
        Runnable next = socket.poll();
        if (next != null) {
            next.run();
        }
        if (socket.isEmpty() && resume != null) {
            Runnable callback = resume;
            resume = null;
            callback.run();
            return true;
        }
        return next != null;
    }

    /** The connection is gone, and with it what was in the socket; what is written to it goes nowhere. */
    void cut() {
        cut = true;
        unsent = 0;
        resume = null;
        socket.clear();
        held.forEach(ByteBuf::release);
        held.clear();
    }

    private void receive(ByteBuf chunks) {
        byte[] plain = Chunks.unwrap(chunks);
        chunks.release();
        for (String block : blocks(plain)) {
            require(block.startsWith("id: "), "an event without an id: " + block);
            Cursor at = Cursor.parse(block.substring(4, block.indexOf('\n'))).orElseThrow();
            String data = data(block);
            seen.add(at.toString());
            require(cursor != null && at.isSuccessorOf(cursor), "not what follows");
            require(history.holds(at, data), "nobody ever said " + data + " there");
            cursor = at;
            events++;
        }
    }

    private static String[] blocks(byte[] plain) {
        return new String(plain, StandardCharsets.UTF_8).split("\n\n");
    }

    private static String data(String block) {
        return block.substring(block.lastIndexOf("data: ") + "data: ".length());
    }

    private void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise + "; stood at " + cursor + ", saw " + seen);
        }
    }
}
