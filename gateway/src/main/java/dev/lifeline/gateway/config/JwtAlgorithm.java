package dev.lifeline.gateway.config;

/** The one signature a token may carry. Never chosen by the token: that is how forged ones pass. */
public enum JwtAlgorithm {
    /** RSA, PKCS #1. */
    RS256,
    /** RSA, PSS. */
    PS256,
    /** ECDSA on P-256. */
    ES256,
    /** HMAC with a secret both sides know. */
    HS256;

    /** Whether whoever can check a token can also make one. */
    public boolean symmetric() {
        return this == HS256;
    }
}
