package dev.lifeline.gateway.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Tells a PEM file from others by its first lines; whoever uses the key decodes it. */
final class Pem {

    private static final int ENOUGH = 4096;

    private Pem() {}

    static boolean isIn(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return new String(in.readNBytes(ENOUGH), StandardCharsets.ISO_8859_1).contains("-----BEGIN ");
        } catch (IOException unreadable) {
            return false;
        }
    }
}
