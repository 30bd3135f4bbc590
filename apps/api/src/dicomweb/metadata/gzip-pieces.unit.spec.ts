import fc from 'fast-check';
import { gunzipSync } from 'node:zlib';
import { GzipJoin, gzipPiece, storedPiece } from './gzip-pieces.js';

describe('gzip of parts', () => {
  it('is one member that inflates to all of them', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.string({ unit: 'grapheme', maxLength: 300 }), { maxLength: 6 }), async (texts) => {
        const join = new GzipJoin();
        const parts = [join.head()];
        let size = 0;
        for (const [index, text] of texts.entries()) {
          const piece = index % 2 === 0 ? await gzipPiece(Buffer.from(text)) : storedPiece(text);
          size += piece.bytes.length;
          parts.push(join.next(piece));
        }
        parts.push(join.end());
        const whole = Buffer.concat(parts);
        expect(whole).toHaveLength(size + GzipJoin.overhead);
        expect(gunzipSync(whole).toString()).toBe(texts.join(''));
      }),
      { numRuns: 60 },
    );
  });
});
