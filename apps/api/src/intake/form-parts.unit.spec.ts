import { Readable } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { NotDicom } from '@annal/projections';
import { forEachPart } from './form-parts.js';

const LIMITS = { parts: 10, headerSize: 4096 };
const TYPE = 'multipart/form-data; boundary=edge';
const CHUNK = Buffer.alloc(64 * 1024, 'x');

describe('the parts of a form', () => {
  const header = (name: string): Buffer =>
    Buffer.from(`--edge\r\nContent-Disposition: form-data; name="${name}"; filename="f"\r\n\r\n`);

  async function* form(chunks: number): AsyncGenerator<Buffer, void> {
    for (const name of ['a', 'b']) {
      yield header(name);
      for (let i = 0; i < chunks; i++) yield CHUNK;
      yield Buffer.from('\r\n');
    }
    yield Buffer.from('--edge--\r\n');
  }

  it('are handed over one after the other, whole', async () => {
    const sizes: number[] = [];
    await forEachPart(form(20), TYPE, LIMITS, async (content) => {
      let size = 0;
      for await (const chunk of content) size += chunk.length;
      sizes.push(size);
    });
    expect(sizes).toEqual([20 * CHUNK.length, 20 * CHUNK.length]);
  });

  it('are skipped where they are not read', async () => {
    let parts = 0;
    await forEachPart(form(20), TYPE, LIMITS, () => Promise.resolve(parts++));
    expect(parts).toBe(2);
  });

  it.each([
    [100, 'content'],
    [101, 'The form has no part with "Content-Disposition: form-data"'],
  ])(
    'are found by what the first 100 lines of their header say: where the name is line %i, the answer is %s',
    async (line, expected) => {
      const before = 'X: y\r\n'.repeat(line - 1);
      const body = `--edge\r\n${before}Content-Disposition: form-data; name="a"\r\n\r\ncontent\r\n--edge--\r\n`;
      const answers: string[] = [];
      await forEachPart(Readable.from([Buffer.from(body)]), TYPE, LIMITS, async (part) => {
        let content = '';
        for await (const chunk of part) content += chunk.toString();
        answers.push(content);
      }).catch((error: Error) => answers.push(error.message));
      expect(answers).toEqual([expected]);
    },
  );

  it.each([
    ['has none', '--edge--\r\n'],
    ['has one that does not say what it is', '--edge\r\nContent-Type: application/dicom\r\n\r\nDICM\r\n--edge--\r\n'],
    ['is nothing', ''],
  ])('are missed where the form %s', async (_, body) => {
    const reading = forEachPart(Readable.from([Buffer.from(body)]), TYPE, LIMITS, () => Promise.resolve());
    await expect(reading).rejects.toThrow(NotDicom);
  });

  it.each([0, 1, 2, 3, 5, 10])(
    'end with the failure of one that is given up %i turns after its start',
    async (turns) => {
      const failure = new Error('given up');
      const reading = forEachPart(form(40), TYPE, LIMITS, async (content) => {
        try {
          for await (const chunk of content) if (chunk.length > 0) throw failure;
        } catch (error) {
          // as when a blob is cleared away
          for (let i = 0; i < turns; i++) await turn();
          throw error;
        }
      });
      await expect(reading).rejects.toBe(failure);
    },
  );

  it('end with the failure of one that is given up without being read', async () => {
    const failure = new Error('given up');
    await expect(forEachPart(form(40), TYPE, LIMITS, () => Promise.reject(failure))).rejects.toBe(failure);
  });
});
