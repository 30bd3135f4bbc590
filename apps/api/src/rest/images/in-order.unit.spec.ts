import { inOrder } from './in-order.js';

describe('tasks', () => {
  it('are done a few at a time, and their results come in order', async () => {
    let running = 0;
    let most = 0;
    const finishers: (() => void)[] = [];
    const task = (result: number) => async (): Promise<number> => {
      most = Math.max(most, ++running);
      await new Promise<void>((resolve) => finishers.push(resolve));
      running--;
      return result;
    };
    const results = inOrder([0, 1, 2, 3, 4].map(task), 2);
    const taken: number[] = [];
    for (let at = 0; at < 5; at++) {
      const next = results.next();
      while (finishers.length <= at) await new Promise(setImmediate);
      finishers[at]!();
      taken.push((await next).value!);
    }
    expect([taken, most]).toEqual([[0, 1, 2, 3, 4], 2]);
    expect((await results.next()).done).toBe(true);
  });

  it('end at the first that fails, and start no more when nobody takes their results', async () => {
    const started: number[] = [];
    const task = (result: number) => async (): Promise<number> => {
      started.push(result);
      if (result === 1) throw new Error('broken');
      return result;
    };
    const failing = inOrder([0, 1, 2, 3].map(task), 2);
    expect(await failing.next()).toMatchObject({ value: 0 });
    await expect(failing.next()).rejects.toThrow('broken');
    started.length = 0;
    const left = inOrder([0, 2, 3, 4].map(task), 2);
    await left.next();
    await left.return();
    expect(started).toEqual([0, 2]);
  });
});
