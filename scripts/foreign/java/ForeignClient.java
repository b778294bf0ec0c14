import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.client.transport.HttpClientSseClientTransport;
import io.modelcontextprotocol.client.transport.HttpClientStreamableHttpTransport;
import io.modelcontextprotocol.spec.McpClientTransport;
import io.modelcontextprotocol.spec.McpSchema;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** The Java SDK, in the version the class path has: ForeignClient NAME streamable|sse URL. */
public final class ForeignClient {

    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final String name;
    private final McpSyncClient client;
    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    private final List<Double> progress = new CopyOnWriteArrayList<>();
    private int failures;

    private ForeignClient(String name, McpClientTransport transport) {
        this.name = name;
        this.client = McpClient.sync(transport)
                .requestTimeout(PATIENCE)
                .initializationTimeout(PATIENCE)
                .clientInfo(new McpSchema.Implementation("lifeline-java", "1.0.0"))
                .capabilities(McpSchema.ClientCapabilities.builder()
                        .sampling()
                        .elicitation()
                        .roots(true)
                        .build())
                .sampling(request -> McpSchema.CreateMessageResult.builder()
                        .role(McpSchema.Role.ASSISTANT)
                        .model("none")
                        .message("forty-two")
                        .build())
                .elicitation(request ->
                        new McpSchema.ElicitResult(McpSchema.ElicitResult.Action.ACCEPT, Map.of("name", "nobody")))
                .toolsChangeConsumer(tools -> heard.add("list_changed"))
                .loggingConsumer(line -> heard.add("message"))
                .progressConsumer(step -> progress.add(step.progress()))
                .build();
    }

    public static void main(String[] args) {
        String url = args[2];
        URI uri = URI.create(url);
        String base = uri.getScheme() + "://" + uri.getAuthority();
        McpClientTransport transport = args[1].equals("sse")
                ? HttpClientSseClientTransport.builder(base)
                        .sseEndpoint(uri.getPath())
                        .build()
                : HttpClientStreamableHttpTransport.builder(base)
                        .endpoint(uri.getPath())
                        .build();
        ForeignClient driver = new ForeignClient(args[0] + "-" + args[1], transport);
        driver.run();
        System.out.println((driver.failures == 0 ? "PASS  " : "FAIL  ") + driver.name + " " + url);
        System.exit(driver.failures == 0 ? 0 : 1);
    }

    private void run() {
        if (!check("connect", client::initialize)) {
            return;
        }
        List<String> tools = new ArrayList<>();
        check("list tools", () -> {
            client.listTools().tools().forEach(tool -> tools.add(tool.name()));
            return expect(tools.contains("echo"), "tools are " + tools);
        });
        check("call echo", () -> {
            String secret = UUID.randomUUID().toString();
            return expect(text(call("echo", Map.of("message", secret))).contains(secret), "not what was sent");
        });
        check("20 calls at once", this::manyAtOnce);
        check("slow call with progress", this::slowCall);
        check("notification", () -> notification(tools.contains("announce")));
        check("sampling round trip", () -> {
            String answer = text(call("trigger-sampling-request", Map.of("prompt", "six by nine", "maxTokens", 9)));
            return expect(answer.contains("forty-two"), answer);
        });
        check("elicitation round trip", () -> {
            String answer = text(call("trigger-elicitation-request", Map.of()));
            return expect(answer.contains("nobody"), answer);
        });
        check("ping", client::ping);
        check("disconnect", () -> expect(client.closeGracefully(), "not gracefully"));
    }

    private boolean manyAtOnce() {
        var threads = Executors.newFixedThreadPool(20);
        List<CompletableFuture<Boolean>> calls = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            String secret = UUID.randomUUID().toString();
            calls.add(CompletableFuture.supplyAsync(
                    () -> text(call("echo", Map.of("message", secret))).contains(secret), threads));
        }
        boolean own = calls.stream().allMatch(CompletableFuture::join);
        threads.shutdown();
        return expect(own, "an answer of another call");
    }

    private boolean slowCall() throws InterruptedException {
        var request = new McpSchema.CallToolRequest(
                "trigger-long-running-operation",
                Map.of("duration", 1, "steps", 4),
                Map.of("progressToken", "slow"));
        String answer = text(client.callTool(request));
        expect(answer.contains("completed"), answer);
        // Consumers run beside the answer.
        for (int i = 0; i < 100 && progress.size() < 4; i++) {
            TimeUnit.MILLISECONDS.sleep(10);
        }
        // Nor do they keep the order among themselves.
        Set<Double> steps = progress.stream().collect(Collectors.toSet());
        return expect(steps.equals(Set.of(1.0, 2.0, 3.0, 4.0)) && progress.size() == 4, "progress was " + progress);
    }

    private boolean notification(boolean ours) throws InterruptedException {
        heard.clear();
        call(ours ? "announce" : "toggle-simulated-logging", Map.of());
        String wanted = ours ? "list_changed" : "message";
        String got;
        do {
            got = heard.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            expect(got != null, "none came");
        } while (!wanted.equals(got));
        return true;
    }

    private McpSchema.CallToolResult call(String tool, Map<String, Object> arguments) {
        return client.callTool(new McpSchema.CallToolRequest(tool, arguments));
    }

    private static String text(McpSchema.CallToolResult result) {
        return result.content().stream()
                .filter(McpSchema.TextContent.class::isInstance)
                .map(part -> ((McpSchema.TextContent) part).text())
                .collect(Collectors.joining());
    }

    private static boolean expect(boolean holds, String what) {
        if (!holds) {
            throw new IllegalStateException(what);
        }
        return true;
    }

    private boolean check(String what, Callable<?> body) {
        long begin = System.nanoTime();
        try {
            body.call();
            System.out.printf("ok    %s %s (%d ms)%n", name, what, (System.nanoTime() - begin) / 1_000_000);
            return true;
        } catch (Exception e) {
            failures++;
            System.out.printf("FAIL  %s %s: %s%n", name, what, e);
            return false;
        }
    }
}
