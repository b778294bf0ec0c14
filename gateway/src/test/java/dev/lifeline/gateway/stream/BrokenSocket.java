package dev.lifeline.gateway.stream;

import dev.lifeline.event.Cursor;
import dev.lifeline.gateway.log.Gap;
import java.util.Random;

/** A socket that loses, doubles or swaps what is written to it now and then: what the oracle is there to notice. */
final class BrokenSocket implements Outlet {

    private final Client client;
    private final Simulation.Plant plant;
    private final Random random;
    private Frames held;

    BrokenSocket(Client client, Simulation.Plant plant, Random random) {
        this.client = client;
        this.plant = plant;
        this.random = random;
    }

    @Override
    public boolean writable() {
        return client.writable();
    }

    @Override
    public void whenWritable(Runnable resume) {
        client.whenWritable(resume);
    }

    @Override
    public void write(Frames frames) {
        if (held != null) {
            client.write(frames);
            client.write(held);
            held = null;
        } else if (random.nextInt(5) > 0) {
            client.write(frames);
        } else if (plant == Simulation.Plant.SOCKET_DOUBLES) {
            client.write(frames);
            client.write(frames);
        } else if (plant == Simulation.Plant.SOCKET_SWAPS) {
            held = new Frames(frames.chunks(), frames.last(), frames.events());
        }
    }

    @Override
    public void position(Cursor cursor) {
        client.position(cursor);
    }

    @Override
    public void gap(Gap gap) {
        client.gap(gap);
    }

    @Override
    public void broken() {
        client.broken();
    }
}
