package dev.lifeline.gateway.app;

/** The program. */
public final class Main {

    private Main() {}

    public static void main(String[] args) {
        throw new UnsupportedOperationException("wiring follows");
    }
}
