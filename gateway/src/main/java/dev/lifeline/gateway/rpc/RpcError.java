package dev.lifeline.gateway.rpc;

/** An error in the words of JSON-RPC: as an exception on its way to the client, or as the answer to a request. */
public final class RpcError extends RuntimeException {

    private final int code;
    private final String id;

    public RpcError(int code, String message, String id) {
        super(message, null, false, false);
        this.code = code;
        this.id = id;
    }

    public int code() {
        return code;
    }

    /** The id of the request it answers, as it stood there, or null. */
    public String id() {
        return id;
    }
}
