import { Readable } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { buildZip } from '../../../../test/support/zip-builder.js';
import { forEachEntry } from './archive-entries.js';
import { BadArchive, BeyondLimit } from './intake-errors.js';

const LIMITS = { entries: 100, entrySize: 1e6, totalSize: 1e7, ratio: 250 };
const ARCHIVE = buildZip([
  { name: 'a', content: Buffer.from('some text, some text, some text') },
  { name: 'b', content: Buffer.alloc(3000, 7) },
  { name: 'c', content: Buffer.from('stored'), stored: true },
]);

async function read(archive: Buffer): Promise<Buffer[]> {
  const source = (async function* () {
    yield archive;
  })();
  return forEachEntry(source, LIMITS, 2, async (content) => {
    const chunks: Buffer[] = [];
    for await (const chunk of content) chunks.push(chunk);
    return Buffer.concat(chunks);
  });
}

describe('the entries of an archive', () => {
  it('are handed over whole', async () => {
    expect((await read(ARCHIVE)).map(({ length }) => length)).toEqual([31, 3000, 6]);
  });

  it('are taken a few at once: the next one when one is done', async () => {
    const done: (() => void)[] = [];
    const source = Readable.from([ARCHIVE]);
    const reading = forEachEntry(source, LIMITS, 2, () => new Promise<void>((resolve) => done.push(resolve)));
    for (const taken of [2, 3]) {
      while (done.length < taken) await turn();
      for (let i = 0; i < 100; i++) await turn();
      expect(done).toHaveLength(taken);
      done[taken - 2]!();
    }
    done[2]!();
    await reading;
  });

  it('of a damaged one are waited for before it is refused: none is taken behind the answer', async () => {
    const archive = buildZip(['a', 'b'].map((name) => ({ name, content: Buffer.alloc(10, name), stored: true })));
    // the directory's second record
    archive.write('XX', archive.lastIndexOf(Buffer.from('PK\x01\x02', 'latin1')));
    let finish!: () => void;
    let refused = false;
    const taking = (): Promise<void> => new Promise((resolve) => (finish = resolve));
    const reading = forEachEntry(Readable.from([archive]), LIMITS, 2, taking).finally(() => (refused = true));
    reading.catch(() => undefined);
    for (let i = 0; i < 100; i++) await turn();
    expect(refused).toBe(false);
    finish();
    await expect(reading).rejects.toThrow('The ZIP archive is damaged');
  });

  it.each(['a', 'b', 'c'])('of a damaged one are not taken for whole: %s', async (name) => {
    const content = Buffer.alloc(1000, name);
    const archive = buildZip([{ name, content, stored: true }]);
    archive[archive.indexOf(content) + 500]! ^= 1;
    await expect(read(archive)).rejects.toThrow('An entry of the ZIP archive is damaged');
  });

  it('of a damaged one end with an error that says so', async () => {
    const at = fc.nat(ARCHIVE.length - 1);
    const damage = fc.tuple(at, fc.uint8Array({ minLength: 1, maxLength: 8 }), fc.boolean());
    await fc.assert(
      fc.asyncProperty(fc.array(damage, { minLength: 1, maxLength: 3 }), at, async (changes, end) => {
        const archive = Buffer.from(ARCHIVE);
        for (const [start, bytes] of changes) archive.set(bytes.subarray(0, archive.length - start), start);
        const cut = changes[0]![2] ? archive.subarray(0, end) : archive;
        await read(cut).catch((error: unknown) => {
          if (!(error instanceof BadArchive) && !(error instanceof BeyondLimit)) throw error;
        });
      }),
      { numRuns: 1000 },
    );
  });
});
