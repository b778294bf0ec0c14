package dev.lifeline.gateway.simulation;

import org.junit.jupiter.api.Test;

class SimulationTest {

    @Test
    void histories() {
        Histories.run();
    }
}
