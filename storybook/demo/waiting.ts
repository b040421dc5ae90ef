/** Longer than the demo's poll interval and its longest back-off within a story. */
export const POLL_TIMEOUT_MS = 16_000;
