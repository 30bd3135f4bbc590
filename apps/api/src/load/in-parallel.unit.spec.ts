import { inParallel } from './in-parallel.js';

const never = new AbortController().signal;

describe('work on several items at once', () => {
  it('keeps to the number and to the order', async () => {
    let running = 0;
    let most = 0;
    const results = await inParallel([3, 1, 2, 0], 2, never, async (turns) => {
      most = Math.max(most, ++running);
      for (let turn = 0; turn <= turns; turn++) await Promise.resolve();
      running--;
      return turns * 10;
    });
    expect([results, most]).toEqual([[30, 10, 20, 0], 2]);
  });

  it('ends with the first failure, once all have ended, and begins nothing else', async () => {
    const begun: number[] = [];
    const ended: unknown[] = [];
    const work = inParallel([0, 1, 2, 3], 2, never, async (item, signal) => {
      begun.push(item);
      if (item === 1) throw new Error('first');
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      ended.push((signal.reason as Error).message);
      throw new Error('later');
    });
    await expect(work).rejects.toThrow('first');
    expect([begun, ended]).toEqual([[0, 1], ['first']]);
  });

  it('ends with the reason of the signal, and with what the items fail with', async () => {
    const over = new AbortController();
    const work = inParallel([0], 1, over.signal, async (_, signal) => {
      over.abort(new Error('given up'));
      signal.throwIfAborted();
    });
    await expect(work).rejects.toThrow('given up');
    const items = (function* (): Generator<number> {
      yield 1;
      throw new Error('no more');
    })();
    await expect(inParallel(items, 2, never, async (item) => item)).rejects.toThrow('no more');
  });
});
