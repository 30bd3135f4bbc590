import type { ResourceIds } from '../../resources/identifiers.js';

const MAX_SERIES = 256;
const MAX_INSTANCES = 20_000;

/**
 * The series that this process is receiving right now. Of the instances of such a series only those seen before can be
 * there already, unless another process receives the same series too: so the question whether an instance is there can
 * be left out for the others, and the fold, which decides in any case, will hardly ever say otherwise.
 */
export class GrowingSeries {
  private readonly instances = new Map<string, Set<string>>();

  /** Whether it is worth asking the read models for this instance. */
  mayBeThere({ series, instance }: ResourceIds): boolean {
    const known = this.instances.get(series);
    return known === undefined || known.has(instance);
  }

  /** Takes note of how an instance turned out. */
  note({ series, instance }: ResourceIds, isNew: boolean): void {
    if (!isNew) {
      this.instances.delete(series);
      return;
    }
    const known = this.instances.get(series);
    if (known) {
      known.add(instance);
      if (known.size > MAX_INSTANCES) this.instances.delete(series);
      return;
    }
    this.instances.set(series, new Set([instance]));
    if (this.instances.size > MAX_SERIES) this.instances.delete(this.instances.keys().next().value!);
  }
}
