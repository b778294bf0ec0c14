package dev.lifeline.gateway.rpc;

/** An error in the words of JSON-RPC: as an exception on its way to the client, or as the answer to a request. */
public final class RpcError extends RuntimeException {

    public static final int PARSE = -32700;
    public static final int INVALID_REQUEST = -32600;
    public static final int METHOD_NOT_FOUND = -32601;
    public static final int INVALID_PARAMS = -32602;
    public static final int INTERNAL = -32603;

    /** The upstream was certainly not asked, or certainly did not carry it out. */
    public static final int NOT_RUN = -32010;
    /** Nobody knows whether the upstream carried it out. */
    public static final int MAY_HAVE_RUN = -32011;

    public static final int HEADER_MISMATCH = -32020;
    public static final int UNSUPPORTED_VERSION = -32022;

    private final int code;
    private final String id;

    public RpcError(int code, String message, String id) {
        super(message, null, false, false);
        this.code = code;
        this.id = id;
    }

    static RpcError unreadable(String why) {
        return new RpcError(PARSE, "Parse error: " + why, null);
    }

    static RpcError invalid(String why, String id) {
        return new RpcError(INVALID_REQUEST, "Invalid request: " + why, id);
    }

    public int code() {
        return code;
    }

    /** The id of the request it answers, as {@link Message#id()} has it, or null. */
    public String id() {
        return id;
    }

    /** The error as the answer to its request: one line of JSON. */
    public String answer() {
        return answer(id, code, getMessage(), null);
    }

    /**
     * An error answer, as one line of JSON.
     *
     * @param id as {@link Message#id()} has it; null where no id could be read, which JSON-RPC wants to be said
     * @param dataJson more about it, a line of JSON already, or null
     */
    public static String answer(String id, int code, String message, String dataJson) {
        StringBuilder line = new StringBuilder(128)
                .append("{\"jsonrpc\":\"2.0\",\"id\":")
                .append(id)
                .append(",\"error\":{\"code\":")
                .append(code)
                .append(",\"message\":")
                .append(Quoted.of(message));
        if (dataJson != null) {
            line.append(",\"data\":").append(dataJson);
        }
        return line.append("}}").toString();
    }
}
