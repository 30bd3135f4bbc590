import { jest } from '@jest/globals';
import { Silence } from './silence.js';

describe('the silence of another server', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  it('ends a request once it is too long', () => {
    const { signal } = new Silence(1000, 'host:1');
    jest.advanceTimersByTime(999);
    expect(signal.aborted).toBe(false);
    jest.advanceTimersByTime(1);
    expect(signal.reason).toMatchObject({ kind: 'timeout', message: 'host:1 did not answer in time' });
  });

  it('is broken by each piece that the other side takes: who takes them slowly is waited for', async () => {
    const silence = new Silence(1000, 'host:1');
    const pieces = (async function* () {
      for (let piece = 0; piece < 5; piece++) {
        jest.advanceTimersByTime(600);
        yield new Uint8Array(1);
      }
    })();
    let count = 0;
    for await (const piece of silence.during(pieces)) count += piece.length;
    expect([count, silence.signal.aborted]).toEqual([5, false]);
    jest.advanceTimersByTime(1000);
    expect(silence.signal.aborted).toBe(true);
  });

  it('does not matter once the answer began', () => {
    const silence = new Silence(1000, 'host:1');
    silence.end();
    jest.advanceTimersByTime(5000);
    expect(silence.signal.aborted).toBe(false);
  });
});
