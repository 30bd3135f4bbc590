import { MetadataBlock } from './metadata-block.js';
import { MetadataBlocks } from './metadata-blocks.js';

const block = (text: string): MetadataBlock => MetadataBlock.of([text], 'MARK/', 1, 1);

describe('metadata that are kept', () => {
  it('give way to others when they take more than allowed, those asked for longest ago first', async () => {
    const kept = new MetadataBlocks(250);
    const make = (name: string) => kept.make(name, 'v', async () => block('x'.repeat(100)));
    for (const name of ['a', 'b']) await make(name);
    expect(kept.get('a', 'v')).toBeDefined();
    await make('c');
    expect(['a', 'b', 'c'].map((name) => kept.get(name, 'v') !== undefined)).toEqual([true, false, true]);
    await kept.make('large', 'v', async () => block('x'.repeat(300)));
    expect(kept.get('large', 'v')).toBeUndefined();
  });

  it('count what they take compressed', async () => {
    const kept = new MetadataBlocks(1000);
    const made = await kept.make('a', 'v', async () => block('x'.repeat(600)));
    const before = made.size;
    await made.deflatedAt('base/');
    expect(made.size).toBeGreaterThan(before);
  });

  it('are made once for all who wait, and again after a failure or for another version', async () => {
    const kept = new MetadataBlocks(1000);
    let made = 0;
    const make = async (): Promise<MetadataBlock> => {
      made++;
      return block('x');
    };
    const fail = (): Promise<never> => Promise.reject(new Error('no'));
    await expect(kept.make('a', 'v', fail)).rejects.toThrow('no');
    await Promise.all([kept.make('a', 'v', make), kept.make('a', 'v', make)]);
    expect(made).toBe(1);
    expect(kept.get('a', 'w')).toBeUndefined();
    await kept.make('a', 'w', make);
    expect([made, kept.get('a', 'v')]).toEqual([2, undefined]);
  });

  it('have URLs for whoever asks', () => {
    const text = MetadataBlock.of(['{"MARK/a"}', '{"MARK/b MARK/"}', 'c'], 'MARK/', 3, 7);
    const read = (base: string): string => Buffer.concat([...text.at(base)]).toString();
    const lengths = (base: string): number[] => [text.sizeAt(base), read(base).length];
    expect(read('http://one/')).toBe('{"http://one/a"},{"http://one/b http://one/"},c');
    expect(read('h/')).toBe('{"h/a"},{"h/b h/"},c');
    expect(read('http://one/')).toBe('{"http://one/a"},{"http://one/b http://one/"},c');
    for (const base of ['http://one/', 'h/']) expect(new Set(lengths(base)).size).toBe(1);
    expect(text.digest()).toBe(MetadataBlock.of(['{"MARK/a"}', '{"MARK/b MARK/"}', 'c'], 'MARK/', 3, 7).digest());
  });

  it('are kept for the name that was used first, and made piece by piece for others', () => {
    const filling = 'x'.repeat(99_990);
    const texts = Array.from({ length: 20 }, () => `{"MARK/${filling}","MARK/MARK/"}`);
    const text = MetadataBlock.of(texts, 'MARK/', 20, 20);
    const [first] = [...text.at('http://first/')];
    const before = text.size;
    for (const base of ['h/', 'http://a-much-longer-name.example/dicom-web/', '']) {
      const pieces = [...text.at(base)];
      expect(pieces.length).toBeGreaterThan(5);
      expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThan(300_000);
      expect(Buffer.concat(pieces).toString()).toBe(texts.join(',').replaceAll('MARK/', base));
    }
    expect(text.size).toBe(before);
    expect([...text.at('http://first/')][0]).toBe(first);
  });
});
