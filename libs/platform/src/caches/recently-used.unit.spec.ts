import { RecentlyUsed } from './recently-used.js';

describe('RecentlyUsed', () => {
  it('forgets what was not asked for the longest', () => {
    const recent = new RecentlyUsed<number>(2);
    recent.set('a', 1);
    recent.set('b', 2);
    expect(recent.get('a')).toBe(1);
    recent.set('c', 3);
    recent.set('c', 4);
    expect(['a', 'b', 'c'].map((key) => recent.get(key))).toEqual([1, undefined, 4]);
  });

  it('keeps what fits, though it grows', () => {
    const recent = new RecentlyUsed<{ size: number }>(10, ({ size }) => size);
    const [a, b, c] = [{ size: 3 }, { size: 3 }, { size: 4 }];
    recent.set('a', a);
    recent.set('b', b);
    recent.set('c', c);
    expect([recent.get('a'), recent.get('b')]).toEqual([a, b]);
    a.size = 7;
    // seen when it is asked for: c was not asked for, and goes
    expect(recent.get('a')).toBe(a);
    expect([recent.get('c'), recent.get('b')]).toEqual([undefined, b]);
    recent.set('d', { size: 11 });
    expect(['a', 'b', 'd'].map((key) => recent.get(key))).toEqual([undefined, undefined, undefined]);
    recent.set('b', b);
    expect(recent.get('b')).toBe(b);
  });
});
