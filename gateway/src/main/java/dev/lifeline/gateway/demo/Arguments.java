package dev.lifeline.gateway.demo;

import io.vertx.core.json.JsonObject;

/** What a tool was called with, taken only as what it is. */
record Arguments(JsonObject given) {

    String text(String name, int longest) {
        if (!(given.getValue(name) instanceof String text)) {
            throw new BadArgument(name + " is needed, as a text");
        }
        return bounded(name, text, longest);
    }

    private static String bounded(String name, String text, int longest) {
        if (text.length() > longest) {
            throw new BadArgument(name + " is too long; at most " + longest + " characters");
        }
        return text;
    }

    double number(String name, double most, double otherwise) {
        Object value = given.getValue(name, otherwise);
        if (!(value instanceof Number number) || !(number.doubleValue() >= 0 && number.doubleValue() <= most)) {
            throw new BadArgument(name + " must be a number from 0 to " + most);
        }
        return number.doubleValue();
    }

    int count(String name, int most, int otherwise) {
        Object value = given.getValue(name, otherwise);
        if (!(value instanceof Integer count) || count < 1 || count > most) {
            throw new BadArgument(name + " must be a whole number from 1 to " + most);
        }
        return count;
    }
}
