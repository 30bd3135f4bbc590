import { setTimeout as delay } from 'node:timers/promises';
import { testConfiguration } from '../http/testing/test-app.js';
import { JobEngine } from './job-engine.js';
import { JobTypes } from './job-types.js';

describe('a job that cannot be run', () => {
  it('rests before anybody takes it again, rather than being tried without a pause', async () => {
    const steps: string[] = [];
    const query = async (): Promise<never> => {
      await delay(1);
      throw new Error('gone');
    };
    const leases = {
      take: async () => {
        if (steps.at(-1) === 'taken') return undefined;
        steps.push('taken');
        return 'j';
      },
      release: async () => void steps.push('released'),
      leads: async () => false,
    };
    const logger = { warn: () => undefined, error: () => undefined };
    const none = {} as never;
    const [configuration, types] = [testConfiguration(), new JobTypes()];
    const engine = new JobEngine(
      configuration,
      { query } as never,
      none,
      none,
      leases as never,
      logger as never,
      types,
      none,
      undefined,
    );
    engine.wake();
    await delay(300);
    const taken = [...steps];
    await engine.beforeApplicationShutdown();
    expect(taken).toEqual(['taken']);
    expect(steps).toEqual(['taken', 'released']);
  });
});
