import { createHash } from 'node:crypto';
import { AskedFor } from './asked-for.js';

const idOf = (n: number): string =>
  createHash('sha1')
    .update(String(n))
    .digest('hex')
    .replace(/.{8}(?=.)/g, '$&-');

describe('which resources were asked for', () => {
  it('is known from the second time on', () => {
    const asked = new AskedFor();
    for (const id of [1, 2, 3].map(idOf)) {
      expect([asked.mark(id), asked.mark(id), asked.mark(id)]).toEqual([false, true, true]);
    }
  });

  it('is known of no other one, however many there were', () => {
    const asked = new AskedFor();
    const wrong = Array.from({ length: 300_000 }, (_, n) => asked.mark(idOf(n))).filter(Boolean);
    expect(wrong).toEqual([]);
    expect(asked.mark(idOf(299_999))).toBe(true);
  });

  it('is not known of what is no identifier', () => {
    const asked = new AskedFor();
    expect(['', 'nothing', '..'].map((id) => [asked.mark(id), asked.mark(id)]).flat()).not.toContain(true);
  });
});
