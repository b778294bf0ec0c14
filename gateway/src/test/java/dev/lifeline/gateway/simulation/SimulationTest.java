package dev.lifeline.gateway.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SimulationTest {

    @Test
    void histories() {
        Histories.run();
    }
}
