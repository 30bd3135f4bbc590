import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { legible, listText } from './list-text.js';

const listOf = async (...batches: readonly (readonly number[])[]): Promise<string> => {
  const { content } = await listText(
    Readable.from(batches.map((batch) => batch.map((n) => `{"n":${n}}`))) as AsyncIterable<readonly string[]>,
  );
  return typeof content === 'string' ? content : text(content);
};
const numbers = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);
const entries = (from: number, to: number): { n: number }[] => numbers(from, to).map((n) => ({ n }));

describe('the text of a list', () => {
  it('is an empty list without batches, and of empty ones', async () => {
    expect(await listOf()).toBe('[]');
    expect(await listOf([], [])).toBe('[]');
  });

  it('is indented as a whole where its entries are', () => {
    const entries = [{ n: 1, of: [{ m: 'a\nb' }] }, { n: 2 }];
    const texts = entries.map((entry) => legible(JSON.stringify(entry), true));
    expect(`[\n${texts.join(',\n')}\n]`).toBe(JSON.stringify(entries, undefined, 3));
  });

  it.each([
    ['one batch', [numbers(0, 2000)]],
    ['two', [numbers(0, 1000), numbers(1000, 2000)]],
    ['an empty one at the end', [numbers(0, 1000), numbers(1000, 2000), []]],
    ['many', Array.from({ length: 20 }, (_, i) => numbers(i * 100, i * 100 + 100))],
  ])('has an entry a line: %s', async (_what, batches) => {
    const list = await listOf(...batches);
    expect(JSON.parse(list)).toEqual(entries(0, 2000));
    expect(list.split('\n')).toHaveLength(2002);
  });
});
