import type { EventWriter } from '@annal/domain';
import type { Queryable } from '../queryable.js';
import { StableResources } from './stable-resources.js';

const AGE_S = 60;

describe('resources that received nothing for a while', () => {
  let unstable: { level: string; id: string; updated_pos: number; updated_at: Date }[];
  let looks: number;
  let declared: unknown[];
  let stable: StableResources;

  beforeEach(() => {
    unstable = [];
    looks = 0;
    declared = [];
    const database = {
      query: async () => {
        looks++;
        return { rows: unstable };
      },
    };
    const writer = {
      submit: async (events: readonly { data: { id: string; asOf: number } }[]) => {
        declared.push(...events.map(({ data }) => [data.id, data.asOf]));
        unstable = unstable.filter(({ id }) => !events.some(({ data }) => data.id === id));
      },
    };
    stable = new StableResources(database as unknown as Queryable, writer as unknown as EventWriter, AGE_S);
  });

  const at = async (seconds: number): Promise<number> =>
    stable.run({ source: 'test', actor: { protocol: 'system' }, correlationId: '1', now: new Date(seconds * 1000) });
  const received = (id: string, second: number): void => {
    unstable.push({ level: 'Study', id, updated_pos: 7, updated_at: new Date(second * 1000) });
  };

  it('are declared stable as soon as they are due, those alone', async () => {
    received('a', 0);
    received('b', 2);
    expect([await at(59), await at(60), await at(61), await at(62)]).toEqual([0, 1, 0, 1]);
    expect(declared).toEqual([
      ['a', 7],
      ['b', 7],
    ]);
  });

  it('are not looked for before the first of them can be due', async () => {
    received('a', 0);
    await at(55);
    expect([await at(56), await at(59)]).toEqual([0, 0]);
    expect(looks).toBe(1);
    expect(await at(60)).toBe(1);
  });

  it('are found within ten seconds where they are older than anything was', async () => {
    await at(1000);
    received('rebuilt', 10);
    expect(await at(1009)).toBe(0);
    expect(await at(1010)).toBe(1);
  });

  it('are found when the clock was set back', async () => {
    await at(1000);
    received('a', 400);
    expect(await at(500)).toBe(1);
  });

  it('are found in time where they need not wait as long as that', async () => {
    stable = new StableResources(
      { query: async () => ({ rows: unstable }) } as unknown as Queryable,
      { submit: async () => undefined } as unknown as EventWriter,
      1,
    );
    await at(1000);
    received('a', 1000);
    expect(await at(1001)).toBe(1);
  });
});
