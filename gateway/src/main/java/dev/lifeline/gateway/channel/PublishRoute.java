package dev.lifeline.gateway.channel;

import dev.lifeline.event.Event;
import dev.lifeline.gateway.http.Authentication;
import dev.lifeline.gateway.http.BoundedBody;
import dev.lifeline.gateway.http.Problem;
import dev.lifeline.gateway.http.Utf8;
import dev.lifeline.gateway.log.Appended;
import dev.lifeline.gateway.log.LogUnavailable;
import dev.lifeline.gateway.stream.Hub;
import io.netty.buffer.ByteBufUtil;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * {@code POST /events/{channel}}: the body is one event, or with {@code application/x-ndjson} one event a line. A 202
 * means that they are kept, under the ids it names.
 */
public final class PublishRoute implements Handler<RoutingContext> {

    private static final String LINES = "application/x-ndjson";
    private static final int MOST_EVENTS = 1000;
    private static final int LONGEST_TYPE = 128;
    private static final Pattern NOT_TEXT =
            Pattern.compile("(image|audio|video|font|multipart)/.*|application/octet-stream");
    private static final Pattern KEY = Pattern.compile("[!-~]{1,200}");

    private final Hub hub;
    private final BoundedBody body;
    private final int mostEventBytes;

    public PublishRoute(Hub hub, BoundedBody body, int mostEventBytes) {
        this.hub = hub;
        this.body = body;
        this.mostEventBytes = mostEventBytes;
    }

    @Override
    public void handle(RoutingContext context) {
        ChannelName channel = ChannelName.of(context.pathParam("channel"));
        if (!Authentication.principal(context).mayPublish(channel.value())) {
            throw Problem.forbidden("You may not publish to this channel.");
        }
        String type = type(context.request().getParam("event"));
        String key = key(context.request().getHeader("Idempotency-Key"));
        boolean lines = isLines(context.request().getHeader(HttpHeaders.CONTENT_TYPE));
        body.read(context.request())
                .map(bytes -> events(bytes, type, lines))
                .compose(events -> publish(channel, events, key))
                .onSuccess(appended -> answer(context, appended, lines))
                .onFailure(context::fail);
    }

    private static String type(String asked) {
        String type = asked == null || asked.isEmpty() ? Event.MESSAGE : asked;
        if (type.length() > LONGEST_TYPE || Event.hasControl(type)) {
            throw Problem.badRequest("An event type has up to " + LONGEST_TYPE + " characters and no line ends.");
        }
        if (ChannelDialect.isReserved(type)) {
            throw Problem.badRequest("Events of type " + type + " are the gateway's own.");
        }
        return type;
    }

    private static String key(String header) {
        if (header != null && !KEY.matcher(header).matches()) {
            throw Problem.badRequest("An Idempotency-Key has 1 to 200 visible ASCII characters.");
        }
        return header;
    }

    private static boolean isLines(String contentType) {
        if (contentType == null) {
            return false;
        }
        String type = contentType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        if (NOT_TEXT.matcher(type).matches()) {
            throw Problem.unsupportedMediaType("text in UTF-8, such as text/plain or application/json, or " + LINES);
        }
        return type.equals(LINES);
    }

    private List<Event> events(Buffer bytes, String type, boolean lines) {
        String text = Utf8.decode(bytes);
        List<Event> events = lines
                ? text.lines()
                        .filter(line -> !line.isBlank())
                        .map(line -> event(type, line))
                        .toList()
                : List.of(event(type, text));
        if (events.isEmpty()) {
            throw Problem.badRequest("There is no event in the body.");
        }
        if (events.size() > MOST_EVENTS) {
            throw Problem.badRequest("At most " + MOST_EVENTS + " events at once.");
        }
        return events;
    }

    private Event event(String type, String data) {
        if (ByteBufUtil.utf8Bytes(data) > mostEventBytes) {
            throw Problem.eventTooLarge(mostEventBytes);
        }
        return new Event(type, data);
    }

    private Future<Appended> publish(ChannelName channel, List<Event> events, String key) {
        return hub.publish(channel.stream(), events, key)
                .recover(failure -> Future.failedFuture(
                        failure instanceof LogUnavailable ? Problem.logUnavailable(key != null) : failure));
    }

    private static void answer(RoutingContext context, Appended appended, boolean lines) {
        JsonObject answer = lines
                ? new JsonObject()
                        .put(
                                "ids",
                                new JsonArray(appended.cursors().stream()
                                        .map(Object::toString)
                                        .toList()))
                : new JsonObject().put("id", appended.first().toString());
        context.response()
                .setStatusCode(202)
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                .end(answer.toBuffer());
    }
}
