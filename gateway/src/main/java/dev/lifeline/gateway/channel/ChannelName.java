package dev.lifeline.gateway.channel;

import dev.lifeline.gateway.http.Problem;
import java.util.regex.Pattern;

/**
 * A channel's name, checked: letters, digits and a few marks, so that it needs no escaping in a URL, a log or a key.
 *
 * @param value as in the URL
 */
record ChannelName(String value) {

    private static final int LONGEST = 128;
    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:~@-]*");

    static ChannelName of(String text) {
        if (text.length() > LONGEST || !FORM.matcher(text).matches()) {
            throw Problem.badChannelName("A name has up to " + LONGEST
                    + " letters, digits and . _ : ~ @ -, and begins with a letter or digit.");
        }
        return new ChannelName(text);
    }

    /** The stream behind the channel. Other kinds of streams have other prefixes. */
    String stream() {
        return "channel:" + value;
    }
}
