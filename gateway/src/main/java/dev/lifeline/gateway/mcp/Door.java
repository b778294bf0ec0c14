package dev.lifeline.gateway.mcp;

/**
 * The paths of one upstream.
 *
 * @param path what they begin with: nothing for the default upstream, its name after a slash for a named one
 * @param prefix what stands before that where clients see it
 */
record Door(String upstream, String path, String prefix) {

    /** Where legacy clients are told to post to. */
    String endpoint() {
        return prefix + path + "/messages";
    }

    /** Where they should go instead. */
    String successor() {
        return prefix + path + "/mcp";
    }
}
