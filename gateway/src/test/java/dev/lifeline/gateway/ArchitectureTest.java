package dev.lifeline.gateway;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import dev.lifeline.gateway.stream.Trespasser;
import org.junit.jupiter.api.Test;

/**
 * Which room may know which, as rules that fail. Read from the top:
 *
 * <pre>
 *   app
 *    |   sees all, is seen by nobody
 *   channel  cluster  config  dashboard  demo  feed  mcp  migration  upstream
 *    |        the edges: they do not know each other, and config is read by app alone
 *   connection  http
 *    |
 *   session
 *    |
 *   stream
 *    |
 *   log
 *    |
 *   redis                client, security, metrics, rpc, time: leaves that all may ask, and that ask nobody
 *                        fault: asked by all of these, leaves too
 * </pre>
 *
 * Beneath all of it lies {@code shared}, which knows the JDK and nothing else.
 */
class ArchitectureTest {

    private static final String OURS = "dev.lifeline.gateway.";
    private static final String[] EDGES = {
        room("channel"),
        room("cluster"),
        room("dashboard"),
        room("demo"),
        room("feed"),
        room("mcp"),
        room("migration"),
        room("upstream")
    };

    private static final JavaClasses PRODUCTION = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.lifeline");

    private static String room(String name) {
        return OURS + name + "..";
    }

    @Test
    void importsGoOneWay() {
        layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .withOptionalLayers(true)
                .layer("app")
                .definedBy(room("app"))
                .layer("edges")
                .definedBy(EDGES)
                .layer("wire")
                .definedBy(room("connection"), room("http"))
                .layer("session")
                .definedBy(room("session"))
                .layer("stream")
                .definedBy(room("stream"))
                .layer("log")
                .definedBy(room("log"))
                .layer("redis")
                .definedBy(room("redis"))
                .whereLayer("app")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("edges")
                .mayOnlyBeAccessedByLayers("app")
                .whereLayer("wire")
                .mayOnlyBeAccessedByLayers("app", "edges")
                .whereLayer("session")
                .mayOnlyBeAccessedByLayers("app", "edges", "wire")
                .whereLayer("stream")
                .mayOnlyBeAccessedByLayers("app", "edges", "wire", "session")
                .whereLayer("log")
                .mayOnlyBeAccessedByLayers("app", "edges", "wire", "session", "stream")
                .check(PRODUCTION);
    }

    @Test
    void redisIsSpokenToByTheLogAndByThoseWhoKeepTheNodesTogether() {
        classes()
                .that()
                .resideInAPackage(room("redis"))
                .should()
                .onlyBeAccessed()
                .byAnyPackage(
                        room("redis"),
                        room("log"),
                        room("session"),
                        room("cluster"),
                        room("feed"),
                        room("migration"),
                        room("app"))
                .check(PRODUCTION);
    }

    @Test
    void edgesDoNotKnowEachOther() {
        slices().matching(OURS + "(channel|cluster|dashboard|demo|feed|mcp|migration|upstream)..")
                .should()
                .notDependOnEachOther()
                .allowEmptyShould(true)
                .check(PRODUCTION);
    }

    @Test
    void leavesKnowNobody() {
        for (String leaf : new String[] {"client", "fault", "security", "metrics", "redis", "rpc", "time"}) {
            noClasses()
                    .that()
                    .resideInAPackage(room(leaf))
                    .should()
                    .dependOnClassesThat(resideInAPackage("dev.lifeline.gateway..")
                            .and(not(resideInAPackage(room(leaf))))
                            .and(not(resideInAPackage(room("fault")))))
                    .check(PRODUCTION);
        }
    }

    @Test
    void configurationIsReadInOnePlaceAndHandedDownAsValues() {
        noClasses()
                .that()
                .resideOutsideOfPackages(room("app"), room("config"))
                .should()
                .dependOnClassesThat()
                .resideInAPackage(room("config"))
                .check(PRODUCTION);
        noClasses()
                .that()
                .resideInAPackage(room("config"))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.vertx..", "io.netty..", "com.hazelcast..")
                .check(PRODUCTION);
    }

    @Test
    void whatIsSharedKnowsTheJdkAlone() {
        classes()
                .that()
                .resideInAnyPackage("dev.lifeline.event..", "dev.lifeline.wire..", "dev.lifeline.retry..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("java..", "dev.lifeline.event..", "dev.lifeline.wire..", "dev.lifeline.retry..")
                .check(PRODUCTION);
    }

    @Test
    void noRoomsKnowEachOtherInACircle() {
        slices().matching("dev.lifeline.(**)").should().beFreeOfCycles().check(PRODUCTION);
    }

    @Test
    void theInsidesOfVertxAreKnownWhereTestsPinThem() {
        noClasses()
                .that()
                .haveNameNotMatching(OURS
                        + "(connection.RawCarrier|http.Arrivals|http.ExactHeaderNames|http.FirstRequest|http.LastAnswer"
                        + "|http.UnreadableRequests)(\\$.*)?")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.vertx.core.net.impl..", "io.vertx.core.http.impl..", "io.netty.handler.codec.http..")
                .check(PRODUCTION);
    }

    @Test
    void aNameSaysWhatAClassIsAndNotThatItIsOne() {
        noClasses()
                .should()
                .haveNameMatching(".*(Impl|Utils|Util|Manager|Helper|Base)$")
                .check(PRODUCTION);
    }

    @Test
    void onlyTheCommandSpeaksToTheTerminal() {
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName(OURS + "app.Main")
                .and()
                // Prints the reference for the docs; run by the build, never by the gateway.
                .doNotHaveFullyQualifiedName(OURS + "config.Reference")
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .orShould()
                .callMethod(Throwable.class, "printStackTrace")
                .check(PRODUCTION);
    }

    @Test
    void nobodyWaitsBySleeping() {
        noSleep().check(PRODUCTION);
    }

    private static ArchRule noSleep() {
        return noClasses()
                .should()
                .callMethod(Thread.class, "sleep", long.class)
                .orShould()
                .callMethod(Thread.class, "sleep", long.class, int.class);
    }

    @Test
    void theseRulesCanFail() {
        JavaClasses trespassing = new ClassFileImporter().importClasses(Trespasser.class);

        assertThatThrownBy(() -> noSleep().check(trespassing)).hasMessageContaining("Trespasser");
        ArchRule upwards = noClasses()
                .that()
                .resideInAPackage(room("stream"))
                .should()
                .dependOnClassesThat()
                .resideInAPackage(room("connection"));
        assertThatThrownBy(() -> upwards.check(trespassing)).hasMessageContaining("Trespasser");
    }
}
