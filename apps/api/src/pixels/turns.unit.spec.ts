import { Turns } from './turns.js';

describe('turns', () => {
  it('are taken by so many at once, waited for by so many more, and refused to the rest', async () => {
    const turns = new Turns(1, 1);
    const ends: (() => void)[] = [];
    const started: number[] = [];
    const task = (n: number) => () => {
      started.push(n);
      return new Promise<number>((resolve) => ends.push(() => resolve(n)));
    };
    const [first, second] = [turns.take(task(1)), turns.take(task(2))];
    await expect(turns.take(task(3))).rejects.toMatchObject({ status: 503, headers: { 'Retry-After': '5' } });
    expect(started).toEqual([1]);
    ends.pop()!();
    expect(await first).toBe(1);
    ends.pop()!();
    expect(await second).toBe(2);
    const failed = turns.take(() => Promise.reject(new Error('of the task')));
    await expect(failed).rejects.toThrow('of the task');
    const fourth = turns.take(task(4));
    ends.pop()!();
    expect(await fourth).toBe(4);
  });
});
