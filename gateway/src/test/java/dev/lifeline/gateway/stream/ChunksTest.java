package dev.lifeline.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The envelopes, against a reader of HTTP that is not ours. */
class ChunksTest {

    private static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    private static ByteBuf wrapped(byte[]... all) {
        ByteBuf chunks = Unpooled.buffer();
        for (byte[] bytes : all) {
            Chunks.wrap(bytes, chunks);
        }
        return chunks;
    }

    /** What an HTTP client makes of the chunks; the last one must still be to come. */
    private static byte[] read(ByteBuf chunks) {
        EmbeddedChannel client = new EmbeddedChannel(new HttpResponseDecoder());
        client.writeInbound(Unpooled.copiedBuffer(
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", StandardCharsets.US_ASCII));
        client.writeInbound(chunks);
        ByteArrayOutputStream plain = new ByteArrayOutputStream();
        for (Object part = client.readInbound(); part != null; part = client.readInbound()) {
            assertThat(part).isNotInstanceOf(LastHttpContent.class);
            if (part instanceof HttpContent content) {
                byte[] some = new byte[content.content().readableBytes()];
                content.content().readBytes(some);
                content.release();
                plain.writeBytes(some);
            }
        }
        client.finishAndReleaseAll();
        return plain.toByteArray();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 9, 15, 16, 17, 255, 256, 4095, 4096, 65_535, 65_536, 1_048_577})
    void aChunkOfAnyLengthIsReadAsWhatWasWrapped(int length) {
        byte[] bytes = bytes(length);

        ByteBuf chunks = wrapped(bytes);

        assertThat(chunks.readableBytes()).isEqualTo(Chunks.wrappedLength(bytes));
        assertThat(Chunks.unwrap(chunks)).isEqualTo(bytes);
        assertThat(read(chunks)).isEqualTo(bytes);
    }

    @Test
    void aRunOfChunksIsReadAsOneText() {
        ByteBuf chunks = wrapped("one ".getBytes(), "two\r\n".getBytes(), "3".getBytes());

        assertThat(Chunks.unwrap(chunks)).isEqualTo("one two\r\n3".getBytes());
        assertThat(read(chunks)).isEqualTo("one two\r\n3".getBytes());
    }

    @Test
    void nothingIsNotTheEndOfTheResponse() {
        ByteBuf chunks = wrapped("a".getBytes(), new byte[0], "b".getBytes());

        assertThat(Chunks.wrappedLength(new byte[0])).isZero();
        assertThat(read(chunks)).isEqualTo("ab".getBytes());
    }

    @Test
    void unwrappingLeavesTheChunksAsTheyAre() {
        ByteBuf chunks = wrapped("a".getBytes());

        Chunks.unwrap(chunks);

        assertThat(chunks.readerIndex()).isZero();
        chunks.release();
    }
}
