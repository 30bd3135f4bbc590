import type { EventLog } from '@annal/domain';
import { READ_MODEL_VERSION } from '@annal/projections';
import { FoldHealthCheck } from './fold-health.js';
import { MAX_STANDSTILL } from './fold-progress.js';

/** A fold whose both ends a test moves, with the clock. */
class Fold {
  offset = 5;
  end = 5;
  parked = 0;
  now = 0;
  readonly check = new FoldHealthCheck(
    {
      query: async () =>
        ({ rows: [{ offset: this.offset, parked: this.parked, version: READ_MODEL_VERSION }] }) as never,
    },
    { end: async () => ({ partition: 0, offset: this.end }) } as unknown as EventLog,
    () => this.now,
  );

  /** Whether all is well. */
  async look(): Promise<boolean> {
    return (await this.check.run()).checks.fold;
  }
}

describe('the health of a fold', () => {
  it('is good while it moves, however far it is behind', async () => {
    const fold = new Fold();
    fold.end = 9000;
    for (; fold.offset < 100; fold.offset++) {
      expect(await fold.look()).toBe(true);
      fold.now += 10 * MAX_STANDSTILL;
    }
    expect((await fold.check.run()).lag).toBe(8900);
  });

  it('is good at the end, however long nothing comes, and when something comes after that', async () => {
    const fold = new Fold();
    expect(await fold.look()).toBe(true);
    fold.now = 100 * MAX_STANDSTILL;
    expect(await fold.look()).toBe(true);
    fold.end = 6;
    expect(await fold.look()).toBe(true);
  });

  it('is bad once it has stood still behind the end for too long, until it moves', async () => {
    const fold = new Fold();
    fold.end = 6;
    expect(await fold.look()).toBe(true);
    fold.now = MAX_STANDSTILL;
    fold.end = 7;
    expect(await fold.look()).toBe(true);
    fold.now += 1;
    expect(await fold.look()).toBe(false);
    fold.offset = 6;
    expect(await fold.look()).toBe(true);
  });

  it('is bad while an event is parked', async () => {
    const fold = new Fold();
    fold.parked = 1;
    expect(await fold.look()).toBe(false);
    fold.parked = 0;
    expect(await fold.look()).toBe(true);
  });
});
