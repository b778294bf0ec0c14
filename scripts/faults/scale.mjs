/** Timers a tenth to a hundredth of those in use, so that minutes are enough; what the checker knows of them. */
export const SCALE = { heartbeat: 500, timeout: 4000, buffer: 200, retention: 30_000 };
