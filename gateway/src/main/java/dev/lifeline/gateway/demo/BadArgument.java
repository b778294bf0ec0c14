package dev.lifeline.gateway.demo;

/** An argument a tool cannot work with; told in the tool's result, where a model can read it and do better. */
final class BadArgument extends RuntimeException {

    BadArgument(String message) {
        super(message, null, false, false);
    }
}
