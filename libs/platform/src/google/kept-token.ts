import { OutgoingError } from '../outgoing/outgoing-error.js';
import type { Logger } from '../telemetry/logger.js';
import type { AccessToken } from './request-token.js';

/** How long before it lapses a token is renewed, or half its life where that is less, ms. */
const AHEAD = 5 * 60_000;
/** Until a refused request for a token is made again: doubled each time, ms. */
const FIRST_DELAY = 1000;
const LONGEST_DELAY = 5 * 60_000;

/** A token that is renewed before it lapses. Refused requests for one are made again, with growing delays. */
export class KeptToken {
  private token: AccessToken | undefined;
  private asking: Promise<AccessToken> | undefined;
  private timer: NodeJS.Timeout | undefined;
  private failures = 0;
  private refusal = '';
  private stopped = false;

  constructor(
    private readonly name: string,
    private readonly ask: () => Promise<AccessToken>,
    private readonly logger: Pick<Logger, 'info' | 'warn'>,
  ) {}

  /** Asks for the first token. */
  start(): void {
    void this.renew().catch(() => undefined);
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  /**
   * A token that is valid now; a request for one that is under way is waited for.
   * @throws OutgoingError saying why there is none, at once where the last request was refused
   */
  async get(): Promise<string> {
    if (this.token && Date.now() < this.token.expires) return this.token.text;
    if (!this.asking && this.failures > 0) throw this.absent();
    return (await this.renew()).text;
  }

  private renew(): Promise<AccessToken> {
    this.asking ??= this.askNow().finally(() => (this.asking = undefined));
    return this.asking;
  }

  private async askNow(): Promise<AccessToken> {
    clearTimeout(this.timer);
    try {
      const token = await this.ask();
      if (!this.token || this.failures > 0) this.logger.info({ account: this.name }, 'Access token acquired');
      this.token = token;
      this.failures = 0;
      const life = Math.max(0, token.expires - Date.now());
      this.schedule(life - Math.min(AHEAD, life / 2));
      return token;
    } catch (error) {
      const delay = Math.min(LONGEST_DELAY, FIRST_DELAY * 2 ** this.failures);
      this.failures++;
      this.refusal = error instanceof Error ? error.message : 'unknown';
      const note = { account: this.name, reason: this.refusal, delay: delay / 1000 };
      this.logger.warn(note, 'No access token; asked for again after the delay (s)');
      this.schedule(delay);
      throw this.absent();
    }
  }

  private schedule(delay: number): void {
    if (this.stopped) return;
    this.timer = setTimeout(() => this.start(), Math.max(delay, 100));
    this.timer.unref();
  }

  private absent(): OutgoingError {
    return new OutgoingError('token', `There is no access token for ${JSON.stringify(this.name)}: ${this.refusal}`);
  }
}
