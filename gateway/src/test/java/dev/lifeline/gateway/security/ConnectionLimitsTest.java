package dev.lifeline.gateway.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.lifeline.gateway.security.Admission.Place;
import dev.lifeline.gateway.security.Admission.Refused;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** How many connections are let in, and that places come back. */
class ConnectionLimitsTest {

    private final ConnectionLimits limits = new ConnectionLimits(5, 3, 2);

    @Test
    void aPrincipalHasItsShareWhereverItComesFrom() {
        limits.admit("a", named("ann"));
        limits.admit("b", named("ann"));

        assertThat(limits.admit("c", named("ann"))).isEqualTo(new Refused(Limit.PER_PRINCIPAL));
        assertThat(limits.admit("c", named("bob"))).isInstanceOf(Place.class);
    }

    @Test
    void anAddressHasItsShareWhoeverSitsThere() {
        limits.admit("a", Principal.anonymous());
        limits.admit("a", Principal.anonymous());
        limits.admit("a", Principal.anonymous());

        assertThat(limits.admit("a", named("ann"))).isEqualTo(new Refused(Limit.PER_ADDRESS));
    }

    @Test
    void theGatewayHasABoundOfItsOwn() {
        for (int i = 0; i < 5; i++) {
            limits.admit("address " + i, Principal.anonymous());
        }

        assertThat(limits.admit("another", named("ann"))).isEqualTo(new Refused(Limit.IN_ALL));
    }

    @Test
    void aPlaceIsGivenBackOnceHoweverOftenItIsSaid() {
        Place first = (Place) limits.admit("a", named("ann"));
        limits.admit("a", named("ann"));

        first.release();
        first.release();

        assertThat(limits.open()).isEqualTo(1);
        assertThat(limits.admit("a", named("ann"))).isInstanceOf(Place.class);
        assertThat(limits.admit("a", named("ann"))).isInstanceOf(Refused.class);
    }

    @Test
    void whoIsGoneIsForgottenAndARefusalIsNotRemembered() {
        List<Place> places = List.of((Place) limits.admit("a", named("ann")), (Place) limits.admit("b", named("ann")));
        limits.admit("c", named("ann"));

        places.forEach(Place::release);

        assertThat(limits.open()).isZero();
        assertThat(limits.remembered()).isZero();
    }

    @Test
    void aLimitLetsSomebodyIn() {
        assertThatIllegalArgumentException().isThrownBy(() -> new ConnectionLimits(1, 0, 1));
    }

    @Test
    void everyLimitHasALabel() {
        assertThat(Limit.values()).extracting(Limit::label).doesNotHaveDuplicates();
    }

    @Test
    void countsStayRightWhenManyComeAndGoAtOnce() throws Exception {
        ConnectionLimits roomy = new ConnectionLimits(1000, 1000, 1000);
        ExecutorService threads = Executors.newFixedThreadPool(4);
        Callable<Void> comingAndGoing = () -> {
            for (int i = 0; i < 1000; i++) {
                ((Place) roomy.admit("a" + i % 3, named("p" + i % 5))).release();
            }
            return null;
        };

        List<Future<Void>> done = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            done.add(threads.submit(comingAndGoing));
        }
        for (Future<Void> one : done) {
            one.get(10, TimeUnit.SECONDS);
        }
        threads.shutdown();

        assertThat(roomy.open()).isZero();
        assertThat(roomy.remembered()).isZero();
    }

    private static Principal named(String name) {
        return Principal.named(name, Grant.NOTHING, false, Optional.empty());
    }
}
