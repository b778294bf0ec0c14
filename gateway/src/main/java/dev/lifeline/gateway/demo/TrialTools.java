package dev.lifeline.gateway.demo;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/** Tools to try a connection with: quick, slow and large answers, and questions back to the client. */
final class TrialTools {

    private static final int LONGEST_TEXT = 1 << 20;
    private static final int LARGEST = 16 << 20;
    private static final int LONGEST_SECONDS = 3600;
    private static final int MOST_STEPS = 1000;
    private static final String LINE = "The quick brown fox keeps its line to the lazy dog, whatever happens.\n";

    private TrialTools() {}

    static List<Tool> all() {
        return List.of(echo(), slow(), large(), ask(), roots());
    }

    private static Tool echo() {
        return new Tool(
                "echo",
                "Echo",
                "Answers with the text it is given.",
                true,
                Schema.of().needs("text", "What to say."),
                (arguments, call) -> Tool.saying(arguments.text("text", LONGEST_TEXT)));
    }

    private static Tool slow() {
        return new Tool(
                "slow",
                "Slow answer",
                "Takes its time, tells its progress step by step, and can be cancelled: for trying what happens when a "
                        + "connection is lost meanwhile.",
                false,
                Schema.of()
                        .number("seconds", LONGEST_SECONDS, 2, "How long to take in all.")
                        .count("steps", MOST_STEPS, 4, "In how many steps."),
                (arguments, call) -> {
                    double seconds = arguments.number("seconds", LONGEST_SECONDS, 2);
                    int steps = arguments.count("steps", MOST_STEPS, 4);
                    Promise<JsonObject> done = Promise.promise();
                    step(1, steps, (long) (seconds * 1000 / steps), call, done);
                    return done.future();
                });
    }

    private static void step(int number, int steps, long millis, Call call, Promise<JsonObject> done) {
        call.pause(millis).onSuccess(over -> {
            call.progress(number, steps, "step " + number + " of " + steps);
            call.log(LogLevel.INFO, "step " + number + " of " + steps);
            if (number < steps) {
                step(number + 1, steps, millis, call, done);
            } else {
                done.complete(Tool.said("Done in " + steps + " steps of " + millis + " ms."));
            }
        });
    }

    private static Tool large() {
        return new Tool(
                "large",
                "Large answer",
                "Answers with a text of the size asked for.",
                true,
                Schema.of().count("bytes", LARGEST, 100_000, "How large, in bytes of plain ASCII."),
                (arguments, call) -> {
                    int bytes = arguments.count("bytes", LARGEST, 100_000);
                    return Tool.saying(LINE.repeat(bytes / LINE.length() + 1).substring(0, bytes));
                });
    }

    private static Tool ask() {
        return new Tool(
                "ask",
                "Ask back",
                "Asks the user of the client by a form or, where the client has none, its model, and answers with what "
                        + "it was told.",
                false,
                Schema.of().needs("question", "What to ask."),
                (arguments, call) -> {
                    String question = arguments.text("question", LONGEST_TEXT);
                    if (call.clientHas("elicitation")) {
                        return told(call.ask("elicitation/create", form(question)));
                    }
                    return call.clientHas("sampling")
                            ? told(call.ask("sampling/createMessage", prompt(question)))
                            : Future.succeededFuture(Tool.failed(
                                    "This client can be asked nothing: it has neither elicitation nor sampling."));
                });
    }

    private static JsonObject form(String question) {
        return new JsonObject()
                .put("message", question)
                .put(
                        "requestedSchema",
                        Schema.of().needs("answer", "Your answer.").json());
    }

    private static JsonObject prompt(String question) {
        JsonObject content = new JsonObject().put("type", "text").put("text", question);
        return new JsonObject()
                .put(
                        "messages",
                        new JsonArray().add(new JsonObject().put("role", "user").put("content", content)))
                .put("maxTokens", 200);
    }

    private static Tool roots() {
        return new Tool(
                "roots",
                "Roots of the client",
                "Asks the client which folders it has open, and answers with the list.",
                true,
                Schema.of(),
                (arguments, call) -> call.clientHas("roots")
                        ? told(call.ask("roots/list", new JsonObject()))
                        : Future.succeededFuture(Tool.failed("This client has no roots.")));
    }

    /** What the client said, whichever way it went. */
    private static Future<JsonObject> told(Future<JsonObject> asked) {
        return asked.map(answer -> answer.getValue("result") instanceof JsonObject result
                        ? Tool.said(result.encode())
                        : Tool.failed("The client refused: " + answer.getValue("error")))
                .otherwise(failure -> Tool.failed("No answer: " + failure.getMessage()));
    }
}
