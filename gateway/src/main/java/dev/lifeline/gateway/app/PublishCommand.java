package dev.lifeline.gateway.app;

import dev.lifeline.retry.FailureClass;
import dev.lifeline.retry.Jitter;
import dev.lifeline.retry.ReconnectPolicy;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * {@code publish URL [DATA…]}: publishes each word, or each line of the standard input, as an event, and prints the id
 * it is kept under. A publish whose answer was lost is repeated under the same key, and lands once.
 */
final class PublishCommand {

    private static final int DONE = 0;
    private static final int FAILED = 1;
    private static final int MISUSED = 2;
    private static final int ACCEPTED = 202;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final ReconnectPolicy RETRIES =
            new ReconnectPolicy(Duration.ofMillis(500), Duration.ofSeconds(10), Jitter.factor(0.3), 8);
    private static final String USAGE =
            "publish URL [--event TYPE] [--key KEY] [--token TOKEN] [--header 'Name: value']... [DATA]...";

    private final PrintStream out;
    private final PrintStream err;
    private final InputStream in;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(PATIENCE)
            .build();

    private CommandLine line;
    private URI url;
    private int published;

    PublishCommand(PrintStream out, PrintStream err, InputStream in) {
        this.out = out;
        this.err = err;
        this.in = in;
    }

    int run(List<String> words) {
        try {
            line = CommandLine.of(words, Set.of("--event", "--key"), Set.of());
            url = address();
            return all() ? DONE : FAILED;
        } catch (CommandLine.Misuse misuse) {
            err.println(misuse.getMessage() + " Usage: " + USAGE);
            return MISUSED;
        } catch (IOException unreadable) {
            err.println("The input could not be read: " + unreadable.getMessage());
            return FAILED;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return FAILED;
        }
    }

    private URI address() {
        Optional<String> type = line.value("--event");
        String more = type.map(name -> "event=" + URLEncoder.encode(name, StandardCharsets.UTF_8))
                .orElse("");
        if (more.isEmpty()) {
            return line.url();
        }
        return URI.create(line.url() + (line.url().getRawQuery() == null ? "?" : "&") + more);
    }

    private boolean all() throws IOException, InterruptedException {
        if (!line.rest().isEmpty()) {
            for (String data : line.rest()) {
                if (!publish(data)) {
                    return false;
                }
            }
            return true;
        }
        BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
        for (String data = lines.readLine(); data != null; data = lines.readLine()) {
            if (!publish(data)) {
                return false;
            }
        }
        return true;
    }

    /** The key given is that of the first event; the others have it with their number. */
    private String key() {
        int number = published++;
        String given = line.value("--key").orElseGet(() -> UUID.randomUUID().toString());
        return number == 0 ? given : given + "-" + number;
    }

    private boolean publish(String data) throws InterruptedException {
        HttpRequest request = request(data, key());
        for (int failed = 0; ; failed++) {
            String why;
            FailureClass kind = FailureClass.PASSING;
            Duration named = null;
            try {
                HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
                if (answer.statusCode() == ACCEPTED) {
                    out.println(id(answer.body()));
                    return true;
                }
                why = "status " + answer.statusCode() + detail(answer.body());
                kind = FailureClass.ofStatus(answer.statusCode());
                named = FailureClass.retryAfter(
                                answer.headers().firstValue("Retry-After").orElse(null))
                        .orElse(null);
            } catch (IOException lost) {
                why = lost.getMessage() == null ? "no connection" : lost.getMessage();
            }
            Optional<Duration> wait =
                    kind.isRetried() ? RETRIES.delay(failed, named, ThreadLocalRandom.current()) : Optional.empty();
            if (wait.isEmpty()) {
                err.println("not published: " + why);
                return false;
            }
            err.println("trying again in " + wait.get().toMillis() + " ms: " + why);
            new CountDownLatch(1).await(wait.get().toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    private HttpRequest request(String data, String key) {
        try {
            HttpRequest.Builder request = HttpRequest.newBuilder(url)
                    .timeout(PATIENCE)
                    .header("Content-Type", "text/plain; charset=utf-8")
                    .header("Idempotency-Key", key)
                    .POST(HttpRequest.BodyPublishers.ofString(data));
            line.headers().forEach(request::setHeader);
            return request.build();
        } catch (IllegalArgumentException badHeader) {
            throw new CommandLine.Misuse(badHeader.getMessage() + ".");
        }
    }

    private static String id(String body) {
        try {
            return new JsonObject(body).getString("id", "");
        } catch (DecodeException noGateway) {
            return "";
        }
    }

    private static String detail(String body) {
        try {
            String detail = new JsonObject(body).getString("detail");
            return detail == null ? "" : ", " + detail;
        } catch (DecodeException noProblem) {
            return "";
        }
    }
}
