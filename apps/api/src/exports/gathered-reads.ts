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
  /** Where all that was read were instances, how many arrived. */
  readonly instances?: number;
  /** How many instances of each were read, by UID or identifier; undefined: nobody counted them. */
  readonly uids: ReadonlyMap<string, number | undefined>;
  readonly ids: ReadonlyMap<string, number | undefined>;
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
  const uids = new Map<string, number | undefined>();
  for (const [series, some] of bySeries) {
    if (series !== undefined && some.length > WHOLE_SERIES) uids.set(series, some.length);
    else for (const { uid } of some) if (uid !== undefined) uids.set(uid, 1);
  }
  // read as a whole, whatever was read of it besides
  for (const read of all) if (read.uid !== undefined && read.whole) uids.set(read.uid, undefined);
  const ids = new Map(all.flatMap(({ id, whole }) => (id === undefined ? [] : [[id, whole ? undefined : 1]])));
  const areInstances = [...uids.values(), ...ids.values()].every((count) => count !== undefined);
  return {
    id: uuidv7(),
    protocol,
    outcome,
    context,
    ...(areInstances && outcome === 'success' && { instances: all.length }),
    uids,
    ids,
  };
}
