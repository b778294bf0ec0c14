package dev.lifeline.gateway.upstream;

import dev.lifeline.gateway.client.Complaints;
import dev.lifeline.gateway.session.Ending;
import dev.lifeline.gateway.session.Link;
import dev.lifeline.gateway.session.LinkFailure;
import dev.lifeline.gateway.session.LinkState;
import dev.lifeline.gateway.session.Upstream;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An MCP server that is a program: each session has a process of its own, which ends with it. */
public final class StdioUpstream implements Upstream {

    private static final Logger LOG = LoggerFactory.getLogger(StdioUpstream.class);

    /** What the gateway is configured with is not the program's business, and may be secret. */
    private static final String OURS = "LIFELINE_";

    /** A process that crashed is heard of by its pipes a little before its place is free. */
    private static final long FREED_MILLIS = 200;

    private final Vertx vertx;
    private final String name;
    private final List<String> command;
    private final int most;
    private final UpstreamTerms terms;
    private final Complaints complaints;
    private final ErrorLog errors;
    private final Semaphore places;
    private final Set<ChildProcess> processes = ConcurrentHashMap.newKeySet();
    private final ThreadPoolExecutor writers;

    /**
     * An upstream for which nothing is started yet.
     *
     * @param command the program and its arguments; no shell sees them
     * @param most processes at a time
     */
    public StdioUpstream(Vertx vertx, String name, List<String> command, int most, UpstreamTerms terms) {
        this.vertx = vertx;
        this.name = name;
        this.command = List.copyOf(command);
        this.most = most;
        this.places = new Semaphore(most);
        this.terms = terms;
        this.complaints = new Complaints(LOG, name);
        this.errors = new ErrorLog(name);
        this.writers = new ThreadPoolExecutor(
                0, most, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), work -> daemon("stdio-write-" + name, work));
    }

    static Thread daemon(String name, Runnable work) {
        Thread thread = new Thread(null, work, name, 256 * 1024);
        thread.setDaemon(true);
        return thread;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public boolean reachableFromAnyNode() {
        return false;
    }

    @Override
    public Link link(String session, LinkState known) {
        return new PipeLink(vertx, complaints, pipe -> new ChildProcess(this, pipe), terms, known);
    }

    @Override
    public Future<Void> close() {
        return Future.join(processes.stream().map(ChildProcess::close).toList())
                .onComplete(ended -> writers.shutdown())
                .mapEmpty();
    }

    Vertx vertx() {
        return vertx;
    }

    UpstreamTerms terms() {
        return terms;
    }

    Complaints complaints() {
        return complaints;
    }

    ErrorLog errors() {
        return errors;
    }

    /** One thread for each process that has something to be written to it, while it has. */
    Executor writers() {
        return writers;
    }

    /** Starts a process. Blocks. */
    Process start(ChildProcess owner) throws IOException, InterruptedException {
        if (!places.tryAcquire(FREED_MILLIS, TimeUnit.MILLISECONDS)) {
            throw new LinkFailure(
                    Ending.NOT_SENT, "upstream " + name + " runs " + most + " processes, and no more are allowed");
        }
        try {
            ProcessBuilder builder = new ProcessBuilder(command);
            Map<String, String> environment = builder.environment();
            environment.keySet().removeIf(key -> key.startsWith(OURS));
            Process process = builder.start();
            processes.add(owner);
            process.onExit().thenRun(places::release);
            return process;
        } catch (IOException | RuntimeException failed) {
            places.release();
            throw failed;
        }
    }

    /** Nothing is left of a process, nor to be done about it. */
    void buried(ChildProcess owner) {
        processes.remove(owner);
    }

    /** How many processes there are. */
    int running() {
        return most - places.availablePermits();
    }
}
