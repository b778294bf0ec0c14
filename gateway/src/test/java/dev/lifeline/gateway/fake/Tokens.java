package dev.lifeline.gateway.fake;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Signs tokens that may do everything with channels, with the JDK alone. */
public final class Tokens {

    private final String id;
    private final String secret;
    private final KeyPair keys;

    private Tokens(String id, String secret, KeyPair keys) {
        this.id = id;
        this.secret = secret;
        this.keys = keys;
    }

    /** With a secret of its own. */
    public static Tokens shared() {
        byte[] random = new byte[32];
        new SecureRandom().nextBytes(random);
        return new Tokens(null, HexFormat.of().formatHex(random), null);
    }

    /** With a key pair whose public half is in a {@link #keySet()}. */
    public static Tokens published(String id) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        return new Tokens(id, null, generator.generateKeyPair());
    }

    public String secret() {
        return secret;
    }

    public String keySet() {
        RSAPublicKey key = (RSAPublicKey) keys.getPublic();
        JsonObject jwk = new JsonObject()
                .put("kty", "RSA")
                .put("kid", id)
                .put("use", "sig")
                .put("n", base64(unsigned(key.getModulus())))
                .put("e", base64(unsigned(key.getPublicExponent())));
        return new JsonObject().put("keys", new JsonArray().add(jwk)).encode();
    }

    public String publicKey() {
        return "-----BEGIN PUBLIC KEY-----\n"
                + Base64.getMimeEncoder().encodeToString(keys.getPublic().getEncoded())
                + "\n-----END PUBLIC KEY-----\n";
    }

    public String token(Instant end) throws Exception {
        JsonObject header = new JsonObject().put("alg", keys == null ? "HS256" : "RS256");
        if (id != null) {
            header.put("kid", id);
        }
        JsonObject claims = new JsonObject()
                .put("sub", "somebody")
                .put("exp", end.getEpochSecond())
                .put("scope", "publish:* subscribe:*");
        String signed = base64(header.toBuffer().getBytes()) + "."
                + base64(claims.toBuffer().getBytes());
        return signed + "." + base64(sign(signed.getBytes(StandardCharsets.US_ASCII)));
    }

    private byte[] sign(byte[] bytes) throws Exception {
        if (keys == null) {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.US_ASCII), "HmacSHA256"));
            return mac.doFinal(bytes);
        }
        Signature signature = Signature.getInstance("SHA256withRSA");
        signature.initSign(keys.getPrivate());
        signature.update(bytes);
        return signature.sign();
    }

    private static byte[] unsigned(BigInteger number) {
        byte[] bytes = number.toByteArray();
        return bytes[0] == 0 ? java.util.Arrays.copyOfRange(bytes, 1, bytes.length) : bytes;
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
