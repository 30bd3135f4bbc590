import type { EventEnvelope, EventLog, Position, RecordedEvent } from '@annal/domain';
import { isType } from '../fold/decode.js';
import { NO_KEYS, type OpenedPart, type OpenSealed, type SealedEvent } from '../fold/opened-instance.js';
import type { UnfoldableEvent } from '../fold/unfoldable-event.js';

type Carrying = EventEnvelope<SealedEvent>;

/** Events of a batch; one of fewer is the log's end. */
export const BATCH = 500;

/** Goes through a log batch by batch: while the database folds one, the next is read and opened. */
export class ReadAhead {
  private readonly opened = new WeakMap<Carrying, Promise<OpenedPart | UnfoldableEvent>>();
  private coming: Promise<readonly RecordedEvent[]>;

  /** @param openSealed opens what is sealed; without it, only what is in clear can be folded */
  constructor(
    private readonly log: EventLog,
    after: Position,
    private readonly openSealed: OpenSealed = NO_KEYS,
  ) {
    this.coming = this.read(after);
  }

  /** The next events; none where the log ends. */
  async next(): Promise<readonly RecordedEvent[]> {
    const events = await this.coming;
    const last = events.at(-1);
    if (last) this.coming = this.read(last.position);
    return events;
  }

  /** Gives what was opened ahead. */
  readonly open: OpenSealed = (events) =>
    Promise.all(events.map(async (event) => (await this.opened.get(event)) ?? (await this.openSealed([event]))[0]!));

  private read(after: Position): Promise<readonly RecordedEvent[]> {
    const reading = this.readAndOpen(after);
    // whoever asks for it is told
    reading.catch(() => undefined);
    return reading;
  }

  private async readAndOpen(after: Position): Promise<readonly RecordedEvent[]> {
    const events = await this.log.read(after, BATCH);
    const sealed = events.filter(
      (event): event is RecordedEvent<SealedEvent> =>
        (isType(event, 'annal.instance.stored.v1') || isType(event, 'annal.metadata.set.v1')) &&
        event.sealed !== undefined &&
        event.sealed.algorithm !== 'none',
    );
    if (sealed.length > 0) {
      const opening = this.openSealed(sealed);
      opening.catch(() => undefined);
      sealed.forEach((event, index) => {
        const one = opening.then((results) => results[index]!);
        one.catch(() => undefined);
        this.opened.set(event, one);
      });
    }
    return events;
  }
}
