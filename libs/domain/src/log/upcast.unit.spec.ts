import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EventEnvelope } from './envelope.js';
import { CURRENT_TYPES, UnknownEventVersion, upcast, type Upcaster } from './upcast.js';

/** An event as it stands in logs for ever, and what this release makes of it. */
interface Golden {
  readonly recorded: EventEnvelope;
  readonly current: EventEnvelope;
}

const FOLDER = join(import.meta.dirname, 'golden');
const golden = readdirSync(FOLDER).map((name): [type: string, golden: Golden] => [
  name.replace(/\.json$/, ''),
  JSON.parse(readFileSync(join(FOLDER, name), 'utf8')) as Golden,
]);

describe('reading events of all versions', () => {
  it('is proven for every type this release writes', () => {
    expect(golden.map(([type]) => type)).toEqual(expect.arrayContaining([...CURRENT_TYPES]));
  });

  it.each(golden)('brings %s to its current form', (type, { recorded, current }) => {
    expect(recorded.type).toBe(type);
    expect(upcast(recorded)).toEqual(current);
    expect(CURRENT_TYPES.has(current.type)).toBe(true);
  });

  it('goes version by version up to the current one', () => {
    const step =
      (type: string, shard: number): Upcaster =>
      (event) =>
        ({ ...event, type, data: { ...event.data, shard } }) as unknown as EventEnvelope;
    const upcasters = new Map([
      ['annal.old.v1', step('annal.old.v2', 1)],
      ['annal.old.v2', step('annal.changes.cleared.v1', 2)],
    ]);
    const old = { ...golden[0]![1].recorded, type: 'annal.old.v1' } as unknown as EventEnvelope;
    expect(upcast(old, upcasters)).toMatchObject({ type: 'annal.changes.cleared.v1', data: { shard: 2 } });
  });

  it('stops at a version it does not know', () => {
    const event = golden.find(([type]) => type === 'annal.instance.stored.v1')![1].recorded;
    for (const type of ['annal.instance.stored.v2', 'annal.instance.stored', 'annal.else.v1', '']) {
      expect(() => upcast({ ...event, type } as unknown as EventEnvelope)).toThrow(UnknownEventVersion);
    }
  });
});
