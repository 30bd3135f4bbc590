import type { EventContext, ExportOutcome } from '@annal/domain';
import { v7 as uuidv7 } from 'uuid';
import type { TracedRead } from './traced-read.js';

/** So many instances of a series that one client read are recorded as the series. */
const WHOLE_SERIES = 20;

/** What one client read in one way. */
export interface Gathered {
  /** Of the export that it becomes. */
  readonly id: string;
  readonly protocol: TracedRead['protocol'];
  readonly outcome: ExportOutcome;
  /** Of the first request. */
  readonly context: EventContext;
  /** Where all that was read were instances, how many. */
  readonly instances?: number;
  readonly uids: readonly string[];
  readonly ids: readonly string[];
}

interface Client extends Pick<Gathered, 'protocol' | 'outcome' | 'context'> {
  /** By UID or identifier; each once, however often it was read. */
  readonly reads: Map<string, TracedRead>;
}

/** Reads of clients until they are recorded: one export a client, protocol and outcome, however many requests there were. */
export class GatheredReads {
  private clients = new Map<string, Client>();
  private count = 0;

  /** How many resources are remembered. */
  get size(): number {
    return this.count;
  }

  /** @param contextOf asked for the first of a client's reads */
  add(read: TracedRead, client: string, outcome: ExportOutcome, contextOf: () => EventContext): void {
    const key = `${read.protocol} ${outcome} ${client}`;
    let known = this.clients.get(key);
    if (!known) {
      known = { protocol: read.protocol, outcome, context: contextOf(), reads: new Map() };
      this.clients.set(key, known);
    }
    const name = read.uid ?? read.id ?? '';
    if (known.reads.has(name)) return;
    known.reads.set(name, read);
    this.count += 1;
  }

  /** What was gathered so far, which is forgotten here. */
  take(): readonly Gathered[] {
    const { clients } = this;
    this.clients = new Map();
    this.count = 0;
    return [...clients.values()].map(gathered);
  }
}

function gathered({ protocol, outcome, context, reads }: Client): Gathered {
  const all = [...reads.values()];
  const bySeries = Map.groupBy(all, ({ series }) => series);
  const uids = [...bySeries].flatMap(([series, some]) =>
    series !== undefined && some.length > WHOLE_SERIES ? [series] : some.flatMap(({ uid }) => uid ?? []),
  );
  const areInstances = protocol !== 'ohif' && all.every(({ id, series }) => id !== undefined || series !== undefined);
  return {
    id: uuidv7(),
    protocol,
    outcome,
    context,
    ...(areInstances && { instances: all.length }),
    uids: [...new Set(uids)],
    ids: all.flatMap(({ id }) => id ?? []),
  };
}
