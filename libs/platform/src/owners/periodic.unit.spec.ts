import { jest } from '@jest/globals';
import { v7 as uuidv7 } from 'uuid';
import { Periodic } from './periodic.js';

const INTERVAL = 10_000;
const HOUR = 3_600_000;

/** What a folder says that is mounted read-only, of another mark each time. */
const readOnly = (): Error =>
  Object.assign(new Error(`EROFS: read-only file system, open '/data/marks/${uuidv7()}'`), { code: 'EROFS' });

describe('what is done again and again', () => {
  let failure: (() => Error) | undefined;
  let told: number[];
  let recovered: number;
  let periodic: Periodic;
  beforeEach(() => {
    jest.useFakeTimers({ now: 0 });
    failure = undefined;
    told = [];
    recovered = 0;
    const logger = { warn: () => told.push(Date.now() / 1000), info: () => recovered++ };
    const task = async (): Promise<void> => {
      if (failure) throw failure();
    };
    periodic = new Periodic('Erasing', INTERVAL, task, logger as never);
  });
  afterEach(async () => {
    await periodic.stop();
    jest.useRealTimers();
  });

  it('tells of an error that stays at once, and then ever more rarely', async () => {
    failure = readOnly;
    await jest.advanceTimersByTimeAsync(8 * 60_000);
    expect(told).toEqual([10, 70, 190, 430]);
    told = [];
    await jest.advanceTimersByTimeAsync(24 * HOUR);
    expect(told.length).toBeGreaterThanOrEqual(24);
    expect(told.length).toBeLessThan(30);
  });

  it('tells of another error at once, and of the same one that comes back after all was well', async () => {
    failure = readOnly;
    await jest.advanceTimersByTimeAsync(30_000);
    failure = () => new Error('S3 refuses a write (AccessDenied, HTTP 403)');
    await jest.advanceTimersByTimeAsync(30_000);
    expect(told).toEqual([10, 40]);
    failure = undefined;
    await jest.advanceTimersByTimeAsync(10_000);
    expect(recovered).toBe(1);
    failure = readOnly;
    await jest.advanceTimersByTimeAsync(30_000);
    expect(told).toEqual([10, 40, 80]);
  });
});
