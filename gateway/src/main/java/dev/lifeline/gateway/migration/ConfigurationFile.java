package dev.lifeline.gateway.migration;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Set;

/** A client's configuration on disk, which is replaced as a whole or not at all, and never without a copy of what it was. */
public final class ConfigurationFile {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmssSSS'Z'").withZone(ZoneOffset.UTC);

    /** Larger than any configuration, and small enough to hold. */
    private static final long LARGEST = 64L * 1024 * 1024;

    private final Path path;
    private final byte[] bytes;

    private ConfigurationFile(Path path, byte[] bytes) {
        this.path = path;
        this.bytes = bytes;
    }

    /** Reads it; through links, because it is the file itself that is replaced. */
    public static ConfigurationFile read(Path path) throws IOException {
        Path real = path.toRealPath();
        if (Files.size(real) > LARGEST) {
            throw new UnreadableConfiguration("it is too large to be a configuration");
        }
        return new ConfigurationFile(real, Files.readAllBytes(real));
    }

    public String text() {
        return decode(bytes);
    }

    /** What bytes say in UTF-8. */
    public static String decode(byte[] bytes) {
        try {
            return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            throw new UnreadableConfiguration("it is not UTF-8");
        }
    }

    /** Puts another text in its place and says where the old one is kept. */
    public Path replace(String text, Instant now) throws IOException {
        Path backup = path.resolveSibling(path.getFileName() + ".bak-" + TIME.format(now));
        Files.copy(path, backup, StandardCopyOption.COPY_ATTRIBUTES);
        if (!Arrays.equals(Files.readAllBytes(backup), bytes)) {
            Files.delete(backup);
            throw new IOException("it was changed by somebody else in this moment; nothing was written");
        }
        Path beside = Files.createTempFile(path.getParent(), "." + path.getFileName(), ".new");
        try {
            write(beside, text.getBytes(UTF_8));
            keepPermissions(beside);
            Files.move(beside, path, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(beside);
        }
        return backup;
    }

    private static void write(Path file, byte[] content) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            ByteBuffer rest = ByteBuffer.wrap(content);
            while (rest.hasRemaining()) {
                channel.write(rest);
            }
            channel.force(true);
        }
    }

    private void keepPermissions(Path file) throws IOException {
        PosixFileAttributeView view = Files.getFileAttributeView(path, PosixFileAttributeView.class);
        if (view != null) {
            Set<PosixFilePermission> permissions = view.readAttributes().permissions();
            Files.setPosixFilePermissions(file, permissions);
        }
    }
}
