package dev.lifeline.gateway.security;

/** The bounds a new connection can run into. */
public enum Limit {
    /** The gateway holds as many as it may; another node may have room. */
    IN_ALL("connections"),
    /** This network address holds its share. */
    PER_ADDRESS("connections_per_address"),
    /** This principal holds its share. */
    PER_PRINCIPAL("connections_per_principal");

    private final String label;

    Limit(String label) {
        this.label = label;
    }

    /** For metrics and logs. */
    public String label() {
        return label;
    }
}
