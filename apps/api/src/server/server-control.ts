/** Acts on all processes of this server. */
export interface ServerControl {
  /** Stops accepting, finishes what is under way, ends all processes (`POST /tools/shutdown`). */
  shutdown(): void;
  /** As shutdown, then starts again in place (`POST /tools/reset`). */
  reset(): void;
}
