import { type Tap } from '../tcp-proxy.js';

/** Requests of Kafka's protocol by their number ("API key"). */
const KINDS = {
  Produce: 0,
  Fetch: 1,
  ListOffsets: 2,
  Metadata: 3,
  OffsetCommit: 8,
  FindCoordinator: 10,
  CreateTopics: 19,
  InitProducerId: 22,
  AddPartitionsToTxn: 24,
  EndTxn: 26,
} as const;

export type KafkaRequest = keyof typeof KINDS;

/** Loses single requests, or the answers to them, between a Kafka client and a broker; goes into a TcpProxy. */
export class RequestFilter {
  private readonly lost = new Map<number, { what: 'request' | 'answer'; note: () => void }>();

  /** What the proxy asks for each connection. */
  readonly tap = (): Tap => {
    const pending = new Map<number, number>();
    const requests = new Frames((frame) => {
      const kind = frame.readInt16BE(4);
      const { what, note } = this.lost.get(kind) ?? {};
      if (what === 'request') note!();
      else pending.set(frame.readInt32BE(8), kind);
      return what !== 'request';
    });
    const answers = new Frames((frame) => {
      const correlation = frame.readInt32BE(4);
      const { what, note } = this.lost.get(pending.get(correlation) ?? -1) ?? {};
      pending.delete(correlation);
      if (what === 'answer') note!();
      return what !== 'answer';
    });
    return { fromClient: (chunk) => requests.take(chunk), fromServer: (chunk) => answers.take(chunk) };
  };

  /** From now on the broker carries out such requests, but its answers are lost; resolves when one has been. */
  loseAnswers(to: KafkaRequest): Promise<void> {
    return this.lose(to, 'answer');
  }

  /** From now on such requests do not reach the broker; resolves when one has been lost. */
  loseRequests(kind: KafkaRequest): Promise<void> {
    return this.lose(kind, 'request');
  }

  /** Lets everything through again; what was lost stays lost. */
  loseNothing(): void {
    this.lost.clear();
  }

  private lose(kind: KafkaRequest, what: 'request' | 'answer'): Promise<void> {
    return new Promise((note) => this.lost.set(KINDS[kind], { what, note }));
  }
}

/** Cuts a stream into frames, each after its length as four bytes, and passes on those that are wanted. */
class Frames {
  private rest: Buffer = Buffer.alloc(0);
  private readonly wanted: (frame: Buffer) => boolean;

  constructor(wanted: (frame: Buffer) => boolean) {
    this.wanted = wanted;
  }

  /** @returns what goes on of the stream; a frame does so as a whole */
  take(chunk: Buffer): Buffer {
    this.rest = Buffer.concat([this.rest, chunk]);
    const passed: Buffer[] = [];
    while (this.rest.length >= 4) {
      const length = 4 + this.rest.readInt32BE(0);
      if (this.rest.length < length) break;
      const frame = this.rest.subarray(0, length);
      this.rest = this.rest.subarray(length);
      if (this.wanted(frame)) passed.push(frame);
    }
    return Buffer.concat(passed);
  }
}
