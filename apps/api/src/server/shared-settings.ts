import type { PrimaryLink } from './primary-link.js';
import type { RuntimeSettings, RuntimeValues } from './runtime-settings.js';

/** The runtime settings of a worker: changes go through the primary, which has every worker apply them. */
export class SharedSettings implements RuntimeSettings {
  constructor(
    private readonly link: PrimaryLink,
    private values: RuntimeValues,
  ) {}

  get<K extends keyof RuntimeValues>(name: K): RuntimeValues[K] {
    return this.values[name];
  }

  async set<K extends keyof RuntimeValues>(name: K, value: RuntimeValues[K]): Promise<void> {
    await this.link.request('set', { name, value });
  }

  /** Takes over what the primary says. */
  apply(values: RuntimeValues): void {
    this.values = values;
  }
}
