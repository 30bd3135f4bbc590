import type { ArrivedResource, JobJson } from '@annal/domain';

/** What a step of a job leaves for the next one; absent, with older jobs: nothing is known. */
export interface ArrivedBefore {
  readonly instances: number;
  /** Of each resource, in the order of these. */
  readonly each: readonly number[];
}

/** Counts what arrives of the resources that a job sends, each instance in all of them that it is in. */
export class Arrivals {
  private total: number;
  private readonly counts: number[];
  private readonly places: ReadonlyMap<string, number>;
  private readonly touched = new Set<number>();

  /** @param ids Orthanc identifiers as they were asked for, each once */
  constructor(
    private readonly ids: readonly string[],
    before?: ArrivedBefore,
  ) {
    this.places = new Map(ids.map((id, index) => [id, index]));
    this.total = before?.instances ?? 0;
    this.counts = ids.map((_, index) => before?.each[index] ?? 0);
  }

  /** An instance that arrived. @param line its identifier and those of all that it is in */
  add(line: readonly string[]): void {
    this.total += 1;
    for (const id of line) {
      const place = this.places.get(id);
      if (place === undefined) continue;
      this.counts[place]! += 1;
      this.touched.add(place);
    }
  }

  /** How many instances have arrived. */
  get instances(): number {
    return this.total;
  }

  /** For the next step. */
  get memory(): JobJson {
    return { instances: this.total, each: this.counts };
  }

  /** The resources of which anything has arrived. */
  all(): readonly ArrivedResource[] {
    return this.of([...this.ids.keys()].filter((place) => this.counts[place]! > 0));
  }

  /** Those of which anything has arrived in this step. */
  fresh(): readonly ArrivedResource[] {
    return this.of([...this.touched]);
  }

  private of(places: readonly number[]): readonly ArrivedResource[] {
    return places.map((place) => ({ id: this.ids[place]!, instances: this.counts[place]! }));
  }
}
