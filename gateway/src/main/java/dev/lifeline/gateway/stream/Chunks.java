package dev.lifeline.gateway.stream;

import io.netty.buffer.ByteBuf;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * HTTP/1.1 chunk envelopes around events: {@code <hex length> CRLF <bytes> CRLF}. An event is wrapped once, when it
 * enters the ring, so that a run of events is a run of chunks, ready for the socket.
 */
final class Chunks {

    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final int CRLF = '\r' << Byte.SIZE | '\n';
    private static final int CRLF_LENGTH = 2;
    private static final int HEX_BITS = 4;
    private static final int HEX_MASK = 0xf;

    private Chunks() {}

    static int wrappedLength(byte[] bytes) {
        return bytes.length == 0 ? 0 : hexDigits(bytes.length) + CRLF_LENGTH + bytes.length + CRLF_LENGTH;
    }

    /** Nothing stays nothing: a chunk of no bytes would be the end of the response. */
    static void wrap(byte[] bytes, ByteBuf into) {
        if (bytes.length == 0) {
            return;
        }
        for (int shift = (hexDigits(bytes.length) - 1) * HEX_BITS; shift >= 0; shift -= HEX_BITS) {
            into.writeByte(HEX[bytes.length >>> shift & HEX_MASK]);
        }
        into.writeShort(CRLF).writeBytes(bytes).writeShort(CRLF);
    }

    /** Takes the envelopes off again, for carriers with a framing of their own. */
    static byte[] unwrap(ByteBuf chunks) {
        ByteArrayOutputStream plain = new ByteArrayOutputStream(chunks.readableBytes());
        int index = chunks.readerIndex();
        while (index < chunks.writerIndex()) {
            int length = 0;
            for (int digit; (digit = Character.digit(chunks.getByte(index), 1 << HEX_BITS)) >= 0; index++) {
                length = length << HEX_BITS | digit;
            }
            byte[] bytes = new byte[length];
            chunks.getBytes(index + CRLF_LENGTH, bytes);
            plain.writeBytes(bytes);
            index += CRLF_LENGTH + length + CRLF_LENGTH;
        }
        return plain.toByteArray();
    }

    private static int hexDigits(int value) {
        return (Integer.SIZE - Integer.numberOfLeadingZeros(value) + HEX_BITS - 1) / HEX_BITS;
    }
}
