package dev.lifeline.gateway.demo;

/** Does things later, on the thread that everything else of a server runs on. */
@FunctionalInterface
interface Timer {

    /** Gives back what calls it off. */
    Runnable after(long millis, Runnable what);
}
