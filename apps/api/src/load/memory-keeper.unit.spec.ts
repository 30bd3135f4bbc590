import { jest } from '@jest/globals';
import { MemoryKeeper } from './memory-keeper.js';

const BOUNDS = { from: 300, growth: 40, interval: 10 };

describe('the memory of a busy process', () => {
  let keeper: MemoryKeeper;
  let resident = 0;
  let live = 0;
  let collections = 0;
  let takes = 0;

  beforeEach(() => {
    jest.useFakeTimers();
    collections = takes = 0;
    const collect = (): void => {
      collections++;
      jest.advanceTimersByTime(takes);
      resident = live;
    };
    keeper = new MemoryKeeper(collect, () => resident, BOUNDS);
  });

  afterEach(() => {
    keeper.close();
    jest.useRealTimers();
  });

  const grown = (to: number): number => {
    resident = to;
    jest.advanceTimersByTime(BOUNDS.interval);
    return resident;
  };

  it('is left alone while there is little of it', () => {
    expect([100, 200, 299].map(grown)).toEqual([100, 200, 299]);
    expect(collections).toBe(0);
  });

  it('is collected whenever it has become much', () => {
    live = 250;
    expect([290, 300, 299, 310].map(grown)).toEqual([290, 250, 299, 250]);
    expect(collections).toBe(2);
  });

  it('is not collected again and again where most of it is in use', () => {
    live = 350;
    expect([350, 360, 389, 350, 389].map(grown)).toEqual([350, 360, 389, 350, 389]);
    expect(collections).toBe(1);
    expect(grown(390)).toBe(350);
    expect(collections).toBe(2);
  });

  it('is held to less again where less is in use', () => {
    live = 500;
    grown(500);
    grown(320);
    live = 280;
    expect([330, 359, 360].map(grown)).toEqual([330, 359, 280]);
    expect(collections).toBe(2);
  });

  it('is not collected most of the time, however long a collection takes', () => {
    live = 300;
    takes = 4;
    const began = performance.now();
    for (let looks = 0; looks < 100; looks++) grown(400);
    expect(collections).toBeGreaterThan(5);
    expect((collections - 1) * takes).toBeLessThanOrEqual((performance.now() - began) / 6);
  });

  it('is nobody’s business after the end', () => {
    keeper.close();
    expect(grown(900)).toBe(900);
  });
});

describe('what collects', () => {
  it('frees what nobody holds', async () => {
    const kept = new WeakRef({ some: 'thing' });
    // it holds for the turn in which it was made
    await new Promise((resolve) => setImmediate(resolve));
    const keeper = new MemoryKeeper(undefined, () => 1000, { ...BOUNDS, interval: 1 });
    while (kept.deref()) await new Promise((resolve) => setTimeout(resolve, 1));
    keeper.close();
  });
});
