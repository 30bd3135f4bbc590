import { ListText } from './list-text.js';

const listOf = (...batches: readonly (readonly number[])[]): string => {
  const list = new ListText();
  for (const batch of batches) list.add(batch.map((n) => `{"n":${n}}`));
  return String(list.end().content);
};
const numbers = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);
const entries = (from: number, to: number): { n: number }[] => numbers(from, to).map((n) => ({ n }));

describe('the text of a list', () => {
  it('is an empty list without batches, and of empty ones', () => {
    expect(listOf()).toBe('[]');
    expect(listOf([], [])).toBe('[]');
  });

  it('is indented when it is short', () => {
    expect(listOf([1])).toBe('[\n   {\n      "n": 1\n   }\n]');
  });

  it.each([
    ['one batch', [numbers(0, 2000)]],
    ['two', [numbers(0, 1000), numbers(1000, 2000)]],
    ['an empty one at the end', [numbers(0, 1000), numbers(1000, 2000), []]],
    ['many', Array.from({ length: 20 }, (_, i) => numbers(i * 100, i * 100 + 100))],
  ])('has an entry a line when it is long: %s', (_what, batches) => {
    const text = listOf(...batches);
    expect(JSON.parse(text)).toEqual(entries(0, 2000));
    expect(text.split('\n')).toHaveLength(2002);
  });
});
