import type { EventEnvelope } from '@annal/domain';
import { type DecodedEvent, isType } from './decode.js';
import { evolveInstanceStored } from './evolve-instance-stored.js';
import { writeParameters } from './write-call.js';
import { type LoadedNode, type LoadedState, WorkingSet } from './working-set.js';

/** Resources remembered at each level. */
const MAX_NODES = 4096;
const LEVELS = ['patients', 'studies', 'series'] as const;

/** A batch folded from memory: to be written only where the log's next offset is `first` and no instance is there yet. */
export interface FoldedAhead {
  readonly first: number;
  readonly instances: readonly string[];
  /** The parameters of `fold_write`. */
  readonly parameters: readonly (string | null)[];
  readonly state: WorkingSet;
}

/**
 * What a log writer knows from its own commits. While nobody else appends, the rows of the patients, studies and series
 * that it wrote last are what the tables hold, so that more of the same series can be folded without asking.
 */
export class FoldMemory {
  private position: LoadedState['position'] | undefined;
  private readonly nodes = {
    patients: new Map<string, LoadedNode>(),
    studies: new Map<string, LoadedNode>(),
    series: new Map<string, LoadedNode>(),
  };

  /** Folds a batch of instances of remembered series; undefined where that does not suffice. */
  fold(events: readonly DecodedEvent[]): FoldedAhead | undefined {
    const known = this.known(events.map(({ event }) => event));
    if (!known) return undefined;
    const state = new WorkingSet(known);
    const first = known.position[0] + 1;
    const instances: string[] = [];
    for (const [index, { event, instance }] of events.entries()) {
      if (!isType(event, 'annal.instance.stored.v1')) continue;
      const id = event.data.ids.instance;
      // replacing what the same batch stored is a removal
      if (event.data.overwrite && state.instances.has(id)) return undefined;
      evolveInstanceStored(state, { ...event, position: { partition: 0, offset: first + index } }, instance!);
      instances.push(id);
    }
    const difference = state.difference(first + events.length - 1);
    if (difference.fillings) return undefined;
    return { first, instances, parameters: writeParameters(difference), state };
  }

  /** Takes note of a committed batch that ended at an offset. */
  learn(state: WorkingSet, offset: number): void {
    this.position = [offset, state.lastKey];
    for (const level of LEVELS) {
      const nodes = this.nodes[level];
      for (const [id, { key, updatedPos, stable, blank }] of state[level]) {
        nodes.delete(id);
        nodes.set(id, [id, key, updatedPos, stable, blank]);
      }
      for (const oldest of nodes.keys()) {
        if (nodes.size <= MAX_NODES) break;
        nodes.delete(oldest);
      }
    }
  }

  /** What the tables hold may be something else now. */
  forget(): void {
    this.position = undefined;
    for (const level of LEVELS) this.nodes[level].clear();
  }

  /** Whether the last commit that this one knows of ended just before an offset. */
  reaches(first: number): boolean {
    return this.position?.[0] === first - 1;
  }

  /** Whether everything that instances of a batch touch is remembered, and nothing else is in it. */
  covers(events: readonly EventEnvelope[]): boolean {
    return this.known(events) !== undefined;
  }

  private known(events: readonly EventEnvelope[]): LoadedState | undefined {
    if (!this.position) return undefined;
    const touched = {
      patients: new Map<string, LoadedNode>(),
      studies: new Map<string, LoadedNode>(),
      series: new Map<string, LoadedNode>(),
    };
    for (const event of events) {
      if (event.type === 'annal.instance.duplicate-refused.v1') continue;
      if (!isType(event, 'annal.instance.stored.v1')) return undefined;
      const { patient, study, series } = event.data.ids;
      for (const [level, id] of [
        ['patients', patient] as const,
        ['studies', study] as const,
        ['series', series] as const,
      ]) {
        const node = this.nodes[level].get(id);
        if (!node) return undefined;
        touched[level].set(id, node);
      }
    }
    return {
      position: this.position,
      patients: [...touched.patients.values()],
      studies: [...touched.studies.values()],
      series: [...touched.series.values()],
      instances: null,
      annotated: null,
      jobs: null,
    };
  }
}
