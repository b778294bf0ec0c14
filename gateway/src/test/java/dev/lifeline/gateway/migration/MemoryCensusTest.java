package dev.lifeline.gateway.migration;

import java.time.InstantSource;

/** The census in memory keeps the contract. */
class MemoryCensusTest extends CensusContract {

    @Override
    Census open() {
        return new MemoryCensus(BOUNDS, InstantSource.system());
    }
}
