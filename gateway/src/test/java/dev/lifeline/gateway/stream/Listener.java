package dev.lifeline.gateway.stream;

import dev.lifeline.event.Cursor;
import dev.lifeline.gateway.log.Gap;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** An outlet that writes down what it was told; it is writable until it is said to be full. */
class Listener implements Outlet {

    final List<String> heard = new ArrayList<>();
    final List<Integer> writes = new ArrayList<>();
    Runnable onWrite = () -> {};
    Runnable onGap = () -> {};
    Runnable onEnd = () -> {};
    boolean full;
    boolean broken;
    Runnable resume;

    @Override
    public boolean writable() {
        return !full;
    }

    @Override
    public void whenWritable(Runnable callback) {
        resume = callback;
    }

    void drain() {
        full = false;
        resume.run();
    }

    @Override
    public void write(Frames frames) {
        writes.add(frames.bytes());
        Stream.of(new String(frames.plain(), StandardCharsets.UTF_8).split("\n\n"))
                .map(block -> block.substring(block.indexOf("data: ") + 6))
                .forEach(heard::add);
        onWrite.run();
    }

    @Override
    public void position(Cursor cursor) {
        heard.add("at " + cursor.sequence());
    }

    @Override
    public void gap(Gap gap) {
        heard.add(gap.reason().label() + " to " + gap.to().sequence());
        onGap.run();
    }

    @Override
    public void finished() {
        heard.add("finished");
        onEnd.run();
    }

    @Override
    public void superseded() {
        heard.add("superseded");
        onEnd.run();
    }

    @Override
    public void broken() {
        broken = true;
    }
}
