import { jest } from '@jest/globals';
import { captureLog } from '../../../../test/support/captured-log.js';
import { KeptToken } from './kept-token.js';
import type { AccessToken } from './request-token.js';

const MINUTE = 60_000;

describe('a token that is kept', () => {
  let log: ReturnType<typeof captureLog>;
  let kept: KeptToken;
  let asked: number[];
  let answers: (() => Promise<AccessToken>)[];
  let began: number;
  beforeEach(() => {
    jest.useFakeTimers();
    began = Date.now();
    [asked, answers, log] = [[], [], captureLog()];
    const ask = (): Promise<AccessToken> => {
      asked.push((Date.now() - began) / 1000);
      return (answers.shift() ?? refuses)();
    };
    kept = new KeptToken('mine', ask, log.logger);
  });
  afterEach(() => {
    kept.stop();
    jest.useRealTimers();
  });

  const gives = (text: string, life: number) => async () => ({ text, expires: Date.now() + life });
  const refuses = async (): Promise<never> => {
    throw new Error('not for you');
  };

  it('is asked for at the start, and renewed five minutes before it lapses', async () => {
    answers.push(gives('a', 60 * MINUTE), gives('b', 60 * MINUTE));
    kept.start();
    expect(await kept.get()).toBe('a');
    await jest.advanceTimersByTimeAsync(54 * MINUTE);
    expect(await kept.get()).toBe('a');
    await jest.advanceTimersByTimeAsync(MINUTE);
    expect(await kept.get()).toBe('b');
    expect(asked).toEqual([0, 55 * 60]);
  });

  it('is renewed after half its life where that is short', async () => {
    answers.push(gives('a', 4000), gives('b', 60 * MINUTE));
    kept.start();
    await jest.advanceTimersByTimeAsync(2000);
    expect(await kept.get()).toBe('b');
    expect(asked).toEqual([0, 2]);
  });

  it('is asked for with growing delays while that is refused, which nobody waits for', async () => {
    kept.start();
    await expect(kept.get()).rejects.toThrow('There is no access token for "mine": not for you');
    await jest.advanceTimersByTimeAsync(20 * MINUTE);
    expect(asked).toEqual([0, 1, 3, 7, 15, 31, 63, 127, 255, 511, 811, 1111]);
    await expect(kept.get()).rejects.toThrow('not for you');
    expect(asked).toHaveLength(12);
    expect(log.complaints).toHaveLength(12);
    answers.push(gives('a', 60 * MINUTE));
    await jest.advanceTimersByTimeAsync(5 * MINUTE);
    expect(await kept.get()).toBe('a');
  });

  it('serves on while its renewal is refused, and no longer than it lasts', async () => {
    answers.push(gives('a', 60 * MINUTE));
    kept.start();
    await jest.advanceTimersByTimeAsync(59 * MINUTE);
    expect(asked.length).toBeGreaterThan(4);
    expect(await kept.get()).toBe('a');
    await jest.advanceTimersByTimeAsync(MINUTE);
    await expect(kept.get()).rejects.toThrow('not for you');
  });

  it('is asked for once, however many wait for it', async () => {
    answers.push(gives('a', MINUTE));
    expect(await Promise.all([kept.get(), kept.get(), kept.get()])).toEqual(['a', 'a', 'a']);
    expect(asked).toEqual([0]);
  });

  it('is asked for anew after a sleep of the machine that its timers slept through', async () => {
    answers.push(gives('a', 60 * MINUTE), gives('b', 60 * MINUTE));
    kept.start();
    expect(await kept.get()).toBe('a');
    jest.setSystemTime(Date.now() + 180 * MINUTE);
    expect(await kept.get()).toBe('b');
  });

  it('is asked for no more once that was stopped', async () => {
    kept.start();
    await jest.advanceTimersByTimeAsync(0);
    kept.stop();
    await jest.advanceTimersByTimeAsync(60 * MINUTE);
    expect(asked).toEqual([0]);
  });
});
