import {
  AppendRefused,
  AppendUnknown,
  type EventEnvelope,
  EventTooLarge,
  type EventWriter,
  NotYetVisible,
  type Written,
} from '@annal/domain';
import { crashPoint } from '@annal/platform';
import { Mailbox } from './mailbox.js';
import type { Failure, PrimaryMessage, Results, WorkerMessage, WorkerRequest } from './messages.js';

type RequestOf<K extends WorkerRequest['kind']> = Omit<Extract<WorkerRequest, { kind: K }>, 'id' | 'kind'>;

/** A worker's side of the channel to the primary, which writes the log for all workers. */
export class PrimaryLink implements EventWriter {
  private readonly waiting = new Map<number, { resolve: (value: never) => void; reject: (error: Error) => void }>();
  private readonly requests = new Mailbox<WorkerMessage>((messages) => this.send(messages));
  private lastId = 0;

  constructor(private readonly channel: NodeJS.Process) {
    channel.on('disconnect', () => this.disconnected());
  }

  async submit(events: readonly EventEnvelope[]): Promise<Written> {
    await crashPoint('command:before-append');
    const written = await this.request('submit', { bodies: events.map((event) => JSON.stringify(event)) });
    await crashPoint('command:after-append');
    return written;
  }

  /** Asks the primary something; rejects with its error, or AppendUnknown when it goes away before answering. */
  request<K extends WorkerRequest['kind']>(kind: K, content: RequestOf<K>): Promise<Results[K]> {
    const id = ++this.lastId;
    return new Promise<Results[K]>((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.requests.post({ kind, id, ...content } as unknown as WorkerRequest);
    });
  }

  /** Tells the primary something, at once. */
  tell(message: WorkerMessage): void {
    this.send([message]);
  }

  /** Takes a reply; false for any other message. */
  settle(message: PrimaryMessage): boolean {
    if (message.kind !== 'reply' && message.kind !== 'failure') return false;
    const waiting = this.waiting.get(message.id);
    this.waiting.delete(message.id);
    if (message.kind === 'reply') waiting?.resolve(message.result as never);
    else waiting?.reject(revive(message.error));
    return true;
  }

  private send(messages: readonly WorkerMessage[]): void {
    if (this.channel.connected) this.channel.send!(messages, (error) => error && this.disconnected());
    else this.disconnected();
  }

  private disconnected(): void {
    const error = new AppendUnknown('The log writer went away; the request may have taken effect');
    for (const { reject } of this.waiting.values()) reject(error);
    this.waiting.clear();
  }
}

function revive({ name, message, positions }: Failure): Error {
  if (name === 'AppendRefused') return new AppendRefused(message);
  if (name === 'EventTooLarge') return new EventTooLarge(message);
  if (name === 'AppendUnknown') return new AppendUnknown(message);
  if (name === 'NotYetVisible') return new NotYetVisible(positions ?? []);
  return new Error(message);
}
