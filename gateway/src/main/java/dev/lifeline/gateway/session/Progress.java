package dev.lifeline.gateway.session;

import dev.lifeline.gateway.rpc.Message;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How far a request said it has come. One that is asked again begins again, and what it told before is not told twice. */
final class Progress {

    private static final Pattern VALUE = Pattern.compile("\"progress\"\\s*:\\s*(-?[0-9][0-9.eE+-]{0,40})");

    private double highest = Double.NEGATIVE_INFINITY;

    /** Whether a message is news: anything but progress that has been told. */
    synchronized boolean isNews(Message message) {
        if (!"notifications/progress".equals(message.method())) {
            return true;
        }
        Matcher value = VALUE.matcher(message.text());
        if (!value.find()) {
            return true;
        }
        try {
            double now = Double.parseDouble(value.group(1));
            boolean higher = now > highest;
            highest = Math.max(highest, now);
            return higher;
        } catch (NumberFormatException oddNumber) {
            return true;
        }
    }
}
