import { KnownTexts } from './known-texts.js';

describe('known texts', () => {
  it('are told by presentation and version', () => {
    const known = new KnownTexts();
    known.set('Study full', '1.10', 'a');
    known.set('Study short', '1.10', 'b');
    known.set('Study full', '1.11', 'ö 日本');
    expect(known.get('Study full', '1.10')).toBe('a');
    expect(known.get('Study short', '1.10')).toBe('b');
    expect(known.get('Study full', '1.11')).toBe('ö 日本');
    expect(known.get('Study full', '1.12')).toBeUndefined();
    expect(known.get('Series full', '1.10')).toBeUndefined();
  });

  it('forget what was not asked for the longest, and keep what is asked for', () => {
    const known = new KnownTexts(1000);
    known.set('a', 'kept', 'k');
    known.set('b', 'left', 'l');
    for (let i = 0; i < 100; i++) {
      known.set('a', `${i}`, 'x'.repeat(40));
      expect(known.get('a', 'kept')).toBe('k');
    }
    expect(known.get('b', 'left')).toBeUndefined();
    expect(known.get('a', '0')).toBeUndefined();
    expect(known.get('a', '99')).toBeDefined();
  });

  it('stay within their capacity', () => {
    const known = new KnownTexts(1000);
    for (let i = 0; i < 500; i++) known.set(`presentation ${i % 7}`, `${i}`, 'x'.repeat(40));
    const left = Array.from({ length: 500 }, (_, i) => known.get(`presentation ${i % 7}`, `${i}`));
    expect(left.filter((text) => text !== undefined).length).toBeLessThan(50);
  });

  it('take the room of one, however many requests read them at once', () => {
    const known = new KnownTexts(1000);
    for (let i = 0; i < 20; i++) {
      for (let request = 0; request < 8; request++) known.set('a', `${i}`, 'x'.repeat(40));
    }
    expect(Array.from({ length: 20 }, (_, i) => known.get('a', `${i}`))).not.toContain(undefined);
  });

  it('are not kept where one of them would push out all others', () => {
    const known = new KnownTexts();
    known.set('a', '1', 'x'.repeat(20_000));
    expect(known.get('a', '1')).toBeUndefined();
  });
});
