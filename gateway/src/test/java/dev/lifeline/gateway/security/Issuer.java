package dev.lifeline.gateway.security;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Somebody who signs tokens, with the JDK alone, so that what is tested does not check itself. */
final class Issuer {

    final String id;
    private final KeyPair keys;
    private final String algorithm;
    private final String signature;

    private Issuer(String id, KeyPair keys, String algorithm, String signature) {
        this.id = id;
        this.keys = keys;
        this.algorithm = algorithm;
        this.signature = signature;
    }

    static Issuer rsa(String id) {
        return new Issuer(id, generate("RSA", 2048), "RS256", "SHA256withRSA");
    }

    static Issuer ec(int bits) {
        String digest = bits == 521 ? "512" : Integer.toString(bits);
        return new Issuer(null, generate("EC", bits), "ES" + digest, "SHA" + digest + "withECDSAinP1363Format");
    }

    static Issuer ed25519() {
        return new Issuer(null, generate("Ed25519", 0), "EdDSA", "Ed25519");
    }

    String token(JsonObject claims) {
        return sign(header(algorithm), claims);
    }

    String sign(JsonObject header, JsonObject claims) {
        try {
            Signature signer = Signature.getInstance(signature);
            signer.initSign(keys.getPrivate());
            signer.update(signed(header, claims).getBytes(StandardCharsets.US_ASCII));
            return signed(header, claims) + "." + base64(signer.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    JsonObject header(String alg) {
        JsonObject header = new JsonObject().put("alg", alg).put("typ", "JWT");
        return id == null ? header : header.put("kid", id);
    }

    String pem() {
        return pem(keys.getPublic());
    }

    static String pem(PublicKey key) {
        return "-----BEGIN PUBLIC KEY-----\n" + Base64.getMimeEncoder().encodeToString(key.getEncoded())
                + "\n-----END PUBLIC KEY-----\n";
    }

    /** As an issuer would publish it, chain and all. */
    JsonObject jwk() {
        RSAPublicKey key = (RSAPublicKey) keys.getPublic();
        return new JsonObject()
                .put("kty", "RSA")
                .put("kid", id)
                .put("use", "sig")
                .put("n", base64(unsigned(key.getModulus())))
                .put("e", base64(unsigned(key.getPublicExponent())))
                .put("x5c", new JsonArray().add("not a certificate"));
    }

    static String hmac(byte[] secret, JsonObject claims) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret, "HmacSHA256"));
            String signed = signed(new JsonObject().put("alg", "HS256"), claims);
            return signed + "." + base64(mac.doFinal(signed.getBytes(StandardCharsets.US_ASCII)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static String unsigned(JsonObject claims) {
        return signed(new JsonObject().put("alg", "none"), claims);
    }

    private static String signed(JsonObject header, JsonObject claims) {
        return base64(header.toBuffer().getBytes()) + "."
                + base64(claims.toBuffer().getBytes());
    }

    private static byte[] unsigned(BigInteger number) {
        byte[] bytes = number.toByteArray();
        return bytes[0] == 0 ? Arrays.copyOfRange(bytes, 1, bytes.length) : bytes;
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static KeyPair generate(String kind, int bits) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(kind);
            if (bits > 0) {
                generator.initialize(bits);
            }
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
