/**
 * The wire format of server-sent events, both ways: {@link dev.lifeline.wire.SseEncoder} turns events into ready bytes,
 * {@link dev.lifeline.wire.SseParser} turns bytes back into events.
 *
 * <p>Pure: no socket, no clock, no logger, no thread. What a client does about status codes, redirects and waiting is
 * not here.
 */
package dev.lifeline.wire;
