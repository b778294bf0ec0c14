package dev.lifeline.gateway.security;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.cert.CertificateFactory;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Turns keys as operators and issuers write them, PEM, secret or JWK set, into JWKs that name their algorithm: one for
 * each algorithm the key's kind is good for. What a key is good for is decided here, never by a token.
 */
final class TokenKeyFormats {

    private static final int SHORTEST_SECRET = 32; // bytes, as RFC 7518 wants for HS256

    private static final List<String> HMAC = List.of("HS256", "HS384", "HS512");
    private static final List<String> RSA = List.of("RS256", "RS384", "RS512", "PS256", "PS384", "PS512");
    private static final Map<String, String> CURVES =
            Map.of("P-256", "ES256", "P-384", "ES384", "P-521", "ES512", "Ed25519", "EdDSA", "Ed448", "EdDSA");

    /** What a public JWK is made of; nothing else is passed on, above all no private part and no certificate chain. */
    private static final List<String> PUBLIC_PARTS = List.of("kty", "kid", "n", "e", "crv", "x", "y");

    private TokenKeyFormats() {}

    /** Keys of an HMAC secret; a short one is refused, since it can be guessed offline from any token. */
    static List<JsonObject> secret(String secret) {
        byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
        if (bytes.length < SHORTEST_SECRET) {
            throw new IllegalArgumentException("a JWT secret has at least " + SHORTEST_SECRET + " bytes");
        }
        JsonObject key = new JsonObject().put("kty", "oct").put("k", base64(bytes));
        return HMAC.stream().map(algorithm -> key.copy().put("alg", algorithm)).toList();
    }

    /** Keys of a PEM public key or certificate. */
    static List<JsonObject> pem(String pem) {
        return forEachAlgorithm(jwk(publicKey(pem)));
    }

    /** The keys of a JWK set that can check signatures here; the others are left out. */
    static List<JsonObject> set(JsonObject set) {
        List<JsonObject> keys = new ArrayList<>();
        for (Object key : set.getJsonArray("keys", new JsonArray())) {
            if (key instanceof JsonObject jwk && "sig".equals(jwk.getString("use", "sig"))) {
                keys.addAll(forEachAlgorithm(jwk));
            }
        }
        return keys;
    }

    private static List<JsonObject> forEachAlgorithm(JsonObject jwk) {
        JsonObject key = new JsonObject();
        PUBLIC_PARTS.stream().filter(jwk::containsKey).forEach(part -> key.put(part, jwk.getValue(part)));
        Optional<String> only = Optional.ofNullable(jwk.getString("alg"));
        return algorithms(key)
                .filter(algorithm -> only.map(algorithm::equals).orElse(true))
                .map(algorithm -> key.copy().put("alg", algorithm))
                .toList();
    }

    private static Stream<String> algorithms(JsonObject key) {
        return switch (key.getString("kty", "")) {
            case "RSA" -> RSA.stream();
            case "EC", "OKP" -> Stream.ofNullable(CURVES.get(key.getString("crv", "")));
            default -> Stream.empty();
        };
    }

    private static PublicKey publicKey(String pem) {
        try {
            if (pem.contains("BEGIN CERTIFICATE")) {
                var certificate = new ByteArrayInputStream(pem.strip().getBytes(StandardCharsets.US_ASCII));
                return CertificateFactory.getInstance("X.509")
                        .generateCertificate(certificate)
                        .getPublicKey();
            }
            byte[] der = Base64.getMimeDecoder().decode(pem.replaceAll("-----[^-]+-----", ""));
            return publicKey(new X509EncodedKeySpec(der));
        } catch (GeneralSecurityException | IllegalArgumentException unreadable) {
            throw new IllegalArgumentException("not a PEM public key or certificate (RSA, EC or EdDSA)");
        }
    }

    private static PublicKey publicKey(X509EncodedKeySpec spec) throws GeneralSecurityException {
        for (String kind : List.of("RSA", "EC", "EdDSA")) {
            try {
                return KeyFactory.getInstance(kind).generatePublic(spec);
            } catch (GeneralSecurityException anotherKind) {
                continue;
            }
        }
        throw new GeneralSecurityException("no kind of key fits");
    }

    private static JsonObject jwk(PublicKey key) {
        if (key instanceof RSAPublicKey rsa) {
            return new JsonObject()
                    .put("kty", "RSA")
                    .put("n", base64(unsigned(rsa.getModulus().toByteArray())))
                    .put("e", base64(unsigned(rsa.getPublicExponent().toByteArray())));
        }
        if (key instanceof ECPublicKey ec) {
            return new JsonObject()
                    .put("kty", "EC")
                    .put("crv", "P-" + ec.getParams().getOrder().bitLength())
                    .put("x", base64(unsigned(ec.getW().getAffineX().toByteArray())))
                    .put("y", base64(unsigned(ec.getW().getAffineY().toByteArray())));
        }
        // The raw key is the tail of its DER form; nothing in the JDK hands it out.
        byte[] der = key.getEncoded();
        boolean small = ((EdECPublicKey) key).getParams().getName().equals("Ed25519");
        byte[] raw = Arrays.copyOfRange(der, der.length - (small ? 32 : 57), der.length);
        return new JsonObject()
                .put("kty", "OKP")
                .put("crv", small ? "Ed25519" : "Ed448")
                .put("x", base64(raw));
    }

    private static byte[] unsigned(byte[] number) {
        return number.length > 1 && number[0] == 0 ? Arrays.copyOfRange(number, 1, number.length) : number;
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
