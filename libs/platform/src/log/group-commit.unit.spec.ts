import fc from 'fast-check';
import { GroupCommit } from './group-commit.js';

const LIMITS = { items: 5, bytes: 100 };

describe('a group commit', () => {
  it('hands over what comes meanwhile as the next one, in order, one in flight', async () => {
    const groups: number[][] = [];
    let inFlight = 0;
    const group = new GroupCommit<number, string>(async (items) => {
      expect(++inFlight).toBe(1);
      groups.push([...items]);
      await new Promise((resolve) => setImmediate(resolve));
      inFlight -= 1;
      return items.map(String);
    }, LIMITS);
    const first = [1, 2, 3].map((item) => group.submit(item, 1, 1));
    await new Promise((resolve) => setImmediate(resolve));
    const second = [4, 5].map((item) => group.submit(item, 1, 1));
    expect(await Promise.all([...first, ...second])).toEqual(['1', '2', '3', '4', '5']);
    expect(groups).toEqual([
      [1, 2, 3],
      [4, 5],
    ]);
    expect(group.length).toBe(0);
  });

  it('cuts by count and size, keeps the order, and gives each its own result', async () => {
    const item = fc.record({ size: fc.integer({ min: 1, max: 8 }), bytes: fc.integer({ min: 1, max: 150 }) });
    await fc.assert(
      fc.asyncProperty(fc.array(item, { maxLength: 40 }), async (items) => {
        const groups: (typeof items)[] = [];
        const group = new GroupCommit<(typeof items)[number], (typeof items)[number]>(async (taken) => {
          groups.push([...taken]);
          return taken;
        }, LIMITS);
        const results = await Promise.all(items.map((each) => group.submit(each, each.size, each.bytes)));
        expect(results).toEqual(items);
        expect(groups.flat()).toEqual(items);
        for (const taken of groups) {
          const total = (of: 'size' | 'bytes'): number => taken.reduce((sum, each) => sum + each[of], 0);
          // one that is too large by itself goes alone
          if (taken.length > 1) expect(total('size') <= LIMITS.items && total('bytes') <= LIMITS.bytes).toBe(true);
        }
      }),
    );
  });

  it('fails the one whose result is an error, and goes on with the others', async () => {
    const group = new GroupCommit<number, number>(
      async (items) => items.map((item) => (item === 2 ? new Error('poison') : item)),
      LIMITS,
    );
    const results = await Promise.allSettled([1, 2, 3].map((item) => group.submit(item, 1, 1)));
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  });

  it('fails all of a group that fails as a whole, and goes on with the next', async () => {
    let groups = 0;
    const group = new GroupCommit<number, number>(async (items) => {
      if (++groups === 1) throw new Error('no database');
      return items;
    }, LIMITS);
    const results = await Promise.allSettled(Array.from({ length: 8 }, (_, item) => group.submit(item, 1, 1)));
    expect(results.map(({ status }) => status === 'fulfilled')).toEqual([
      ...Array<boolean>(5).fill(false),
      ...Array<boolean>(3).fill(true),
    ]);
  });

  it('tells when nothing is pending any more', async () => {
    const done: number[] = [];
    const group = new GroupCommit<number, void>(async (items) => {
      await new Promise((resolve) => setImmediate(resolve));
      done.push(...items);
      return items.map(() => undefined);
    }, LIMITS);
    await group.drained();
    for (let item = 0; item < 12; item++) void group.submit(item, 1, 1);
    await group.drained();
    expect(done).toHaveLength(12);
  });
});
