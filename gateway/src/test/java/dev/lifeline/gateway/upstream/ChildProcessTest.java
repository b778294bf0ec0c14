package dev.lifeline.gateway.upstream;

import static dev.lifeline.gateway.fake.RunningGateway.await;
import static dev.lifeline.gateway.fake.RunningGateway.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.lifeline.gateway.fake.FakeMcpServerStdio;
import dev.lifeline.gateway.session.Ending;
import dev.lifeline.gateway.session.Link;
import dev.lifeline.gateway.session.LinkState;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Processes: how many, what they say beside, and that none outlives its session. */
class ChildProcessTest {

    @TempDir
    Path directory;

    private final Vertx vertx = Vertx.vertx();
    private StdioUpstream upstream;

    private void upstream(List<String> command) {
        upstream = new StdioUpstream(vertx, "program", command, 1, Calls.terms());
    }

    private void shell(String script) {
        upstream(List.of("sh", "-c", script));
    }

    private List<String> server() {
        return FakeMcpServerStdio.command(directory.resolve("executions"));
    }

    private String line(String... more) {
        return FakeMcpServerStdio.commandLine(directory.resolve("executions"), more);
    }

    private Link link() {
        return upstream.link("session", LinkState.NONE);
    }

    private List<ProcessHandle> alive() {
        return ProcessHandle.current()
                .descendants()
                .filter(ProcessHandle::isAlive)
                .toList();
    }

    @AfterEach
    void end() {
        await(upstream.close());
        await(vertx.close());
    }

    @Test
    void noMoreProcessesThanAllowed() {
        upstream(server());
        Link first = link();
        LinkContract.open(first);

        assertThatThrownBy(() -> await(link().open(Calls.initialize()))).hasMessageContaining("runs 1 processes");
        assertThat(LinkContract.ending(link().open(Calls.initialize()))).isEqualTo(Ending.NOT_SENT);

        await(first.close());
        eventually("its place is free", () -> upstream.running() == 0);
        LinkContract.open(link());
    }

    @Test
    void aProcessEndsWithItsSession() {
        upstream(server());
        Link link = link();
        LinkContract.open(link);
        List<ProcessHandle> processes = alive();
        assertThat(processes).isNotEmpty();

        await(link.close());

        assertThat(processes).noneMatch(ProcessHandle::isAlive);
    }

    @Test
    void oneThatHearsNothingIsKilledWithAllItStarted() {
        shell(line("deaf") + "; true");
        Link link = link();
        LinkContract.open(link);
        List<ProcessHandle> processes = alive();
        assertThat(processes.size()).isGreaterThan(1);

        link.release();

        eventually("all are gone", () -> processes.stream().noneMatch(ProcessHandle::isAlive));
    }

    @Test
    void theUpstreamsEndIsTheEndOfItsProcesses() {
        upstream(server());
        LinkContract.open(link());
        List<ProcessHandle> processes = alive();

        await(upstream.close());

        assertThat(processes).noneMatch(ProcessHandle::isAlive);
    }

    @Test
    void aProgramThatEndsAtOnceWasNotBegunWith() {
        upstream(List.of("false"));

        assertThat(LinkContract.ending(link().open(Calls.initialize()))).isIn(Ending.LOST, Ending.NOT_SENT);
        eventually("its place is free", () -> upstream.running() == 0);
    }

    @Test
    void aCrashIsTheEndForWhoWaitsAndWhoListens() {
        upstream(server());
        Link link = link();
        LinkContract.open(link);
        Told standing = new Told();
        link.listen(null, standing);
        Told told = new Told();
        link.request(Calls.call(1, "slow", "steps", 1000), told);
        told.awaitCount(1);

        alive().forEach(ProcessHandle::destroyForcibly);

        assertThat(told.ending()).isEqualTo(Ending.LOST);
        assertThat(standing.ending()).isEqualTo(Ending.LOST);
        Told late = new Told();
        assertThat(LinkContract.ending(link.request(Calls.call(2, "echo"), late)))
                .isEqualTo(Ending.FORGOTTEN);
        assertThat(LinkContract.open(link).state().generation()).isEqualTo(2);
    }

    @Test
    void whatIsNoMessageIsPassedOver() {
        shell("echo hello; head -c 5000000 /dev/zero | tr '\\0' x; echo; exec " + line());
        Link link = link();

        assertThat(LinkContract.open(link).answer().text()).contains("serverInfo");
    }

    @Test
    void anotherHolderOfItsOutputDoesNotKeepItAlive() {
        shell("sleep 60 & exec " + line());
        Link link = link();
        LinkContract.open(link);
        Told standing = new Told();
        link.listen(null, standing);
        Told told = new Told();

        link.request(Calls.call(1, "die"), told);

        assertThat(told.ending()).isEqualTo(Ending.LOST);
        assertThat(standing.ending()).isEqualTo(Ending.LOST);
    }

    @Test
    void whatItSaysOnStandardErrorIsInTheLogWithinBounds() {
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        Logger logger = (Logger) LoggerFactory.getLogger(ErrorLog.class);
        log.start();
        logger.addAppender(log);
        try {
            shell("for i in `seq 100`; do echo line $i >&2; done; exec " + line());
            LinkContract.open(link());
            eventually("its last words", () -> log.list.size() >= 20);
        } finally {
            logger.detachAppender(log);
        }

        assertThat(log.list.get(0).getMessage()).isEqualTo("line 1");
        assertThat(log.list.get(0).getKeyValuePairs()).anyMatch(pair -> pair.value.equals("program"));
        assertThat(log.list.size()).isLessThan(100);
    }

    @Test
    void whatCannotBeStartedWasNotAsked() {
        upstream(List.of("/no/such/program"));

        assertThat(LinkContract.ending(link().open(Calls.initialize()))).isEqualTo(Ending.NOT_SENT);
        assertThat(upstream.running()).isZero();
    }
}
