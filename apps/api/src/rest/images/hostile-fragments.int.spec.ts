import { encodeFrame } from '@annal/dicom';
import { buildImage, type BuilderEntry, testFrame } from '../../../../../libs/dicom/src/testing/index.js';
import { startWritingApp, type WritingApp } from '../testing/writing-app.js';

const LOSSLESS = '1.2.840.10008.1.2.4.70';
const SIDE = 4;
const FRAMES = 3;
const FIRST_HALF = 20;
const empty = Buffer.alloc(0);
const refused = ['400 400 415 400', '400 400 415 400', '400 400 415 400'];
const right = ['1', '2', '3'];

const offsets32 = (...offsets: readonly number[]): Buffer => Buffer.from(Uint32Array.from(offsets).buffer);
const offsets64 = (...offsets: readonly (number | bigint)[]): Buffer =>
  Buffer.from(BigUint64Array.from(offsets.map(BigInt)).buffer);

/** The header of an item that says to be so long, in the midst of a fragment. */
function itemHeader(length: number): Buffer {
  const header = Buffer.from([0xfe, 0xff, 0x00, 0xe0, 0, 0, 0, 0]);
  header.writeUInt32LE(length, 4);
  return header;
}

describe('fragments and offset tables that lie', () => {
  let writing: WritingApp;
  let count = 0;
  /** One image each, all pixels of it 1, 2 or 3, of the same length. */
  let frames: readonly Buffer[];
  /** Bytes of a frame in one fragment, and in two, with headers. */
  let [whole, halved] = [0, 0];

  beforeAll(async () => {
    writing = await startWritingApp();
    const encoded = await Promise.all(
      [1, 2, 3].map((value) => {
        const frame = testFrame({ rows: SIDE, columns: SIDE });
        return encodeFrame({ ...frame, data: Buffer.alloc(SIDE * SIDE, value) }, LOSSLESS, 90);
      }),
    );
    const length = Math.max(...encoded.map(({ bytes }) => bytes.length + (bytes.length % 2)));
    frames = encoded.map(({ bytes }) => Buffer.concat([bytes], length));
    whole = length + 8;
    halved = length + 16;
  });
  afterAll(() => writing.close());

  const inHalves = (): readonly Buffer[] =>
    frames.flatMap((frame) => [frame.subarray(0, FIRST_HALF), frame.subarray(FIRST_HALF)]);

  /**
   * Of each frame the value that its pixels have in all answers, or else their statuses: as it is stored, as an array,
   * as a picture, and by DICOMweb.
   */
  async function shown(
    fragments: readonly Buffer[],
    extra: readonly BuilderEntry[] = [],
    said = FRAMES,
  ): Promise<readonly string[]> {
    const sopUid = `1.2.7.${++count}`;
    const [studyUid, seriesUid] = ['1.2.5', '1.2.6'];
    const image = { rows: SIDE, columns: SIDE, frames: said, transferSyntax: LOSSLESS, sopUid, studyUid, seriesUid };
    const file = buildImage({ ...image, fragments, extra });
    const { json } = await writing.send('POST', '/instances', file as never);
    const path = `/instances/${(json as { ID: string }).ID}/frames`;
    const web = `/dicom-web/studies/${studyUid}/series/${seriesUid}/instances/${sopUid}/frames`;
    const answer = async (frame: number): Promise<string> => {
      const [raw, array, picture, part] = await Promise.all([
        writing.send('GET', `${path}/${frame}/raw`),
        writing.send('GET', `${path}/${frame}/numpy?rescale=0`),
        writing.send('GET', `${path}/${frame}/preview`),
        writing.send('GET', `${web}/${frame + 1}`, undefined, { Accept: 'multipart/related; type="*/*"' }),
      ]);
      const statuses = [raw, array, picture, part].map(({ status }) => status);
      const value = array.bytes.at(-1);
      const alike = raw.bytes.equals(frames[value! - 1] ?? empty) && statuses.every((status) => status === 200);
      return alike ? String(value) : statuses.join(' ');
    };
    return Promise.all(Array.from({ length: Math.min(said, FRAMES) }, (_, frame) => answer(frame)));
  }

  it.each<[string, () => Buffer]>([
    ['right', () => offsets32(0, whole, 2 * whole)],
    ['beyond the data', () => offsets32(0, whole, 0xfffffff0)],
    ['beyond the data in the middle', () => offsets32(0, 0xfffffff0, 2 * whole)],
    ['just beyond the last fragment', () => offsets32(0, whole, 3 * whole)],
    ['descending', () => offsets32(2 * whole, whole, 0)],
    ['turned round', () => offsets32(0, 2 * whole, whole)],
    ['equal', () => offsets32(0, whole, whole)],
    ['all of the first', () => offsets32(0, 0, 0)],
    ['into a fragment', () => offsets32(0, whole + 3, 2 * whole)],
    ['too few', () => offsets32(0, whole)],
    ['too many', () => offsets32(0, whole, 2 * whole, 3 * whole)],
    ['broken off', () => Buffer.concat([offsets32(0, whole, 2 * whole), Buffer.alloc(2)])],
    ['none', () => empty],
  ])('do not mislead where each frame has one fragment: offsets that are %s', async (_what, table) => {
    expect(await shown([table(), ...frames])).toEqual(right);
  });

  it.each<[string, readonly string[], () => Buffer]>([
    ['right', right, () => offsets32(0, halved, 2 * halved)],
    ['beyond the data', refused, () => offsets32(0, halved, 0xfffffff0)],
    ['descending', refused, () => offsets32(2 * halved, halved, 0)],
    ['turned round', refused, () => offsets32(0, 2 * halved, halved)],
    ['equal', refused, () => offsets32(0, halved, halved)],
    ['not from the first fragment on', refused, () => offsets32(8, halved, 2 * halved)],
    ['into a fragment', [refused[0]!, refused[1]!, '3'], () => offsets32(0, halved + 3, 2 * halved)],
    ['too few', right, () => offsets32(0, halved)],
    ['too many', right, () => offsets32(0, halved, 2 * halved, 3 * halved)],
    ['none', right, () => empty],
  ])('are found out, or not needed, where frames have several: offsets that are %s', async (_what, expected, table) => {
    expect(await shown([table(), ...inHalves()])).toEqual(expected);
  });

  it.each<[string, readonly string[], () => Buffer]>([
    ['right', right, () => offsets64(0, halved, 2 * halved)],
    ['beyond the file', refused, () => offsets64(0, halved, 1e12)],
    ['beyond exact numbers', refused, () => offsets64(0, halved, 2n ** 53n + 1n)],
    ['negative in other hands', refused, () => offsets64(0, 2n ** 64n - 1n, 2 * halved)],
    ['descending', refused, () => offsets64(0, 2 * halved, halved)],
    ['too few', right, () => offsets64(0, halved)],
    ['too many', right, () => offsets64(0, halved, 2 * halved, 3 * halved)],
  ])('are found out, or not needed, in extended tables: offsets that are %s', async (_what, expected, table) => {
    expect(await shown([empty, ...inHalves()], [[0x7fe00001, 'OV', table()]])).toEqual(expected);
  });

  it('are not asked how long frames are: the fragments tell', async () => {
    const table: BuilderEntry = [0x7fe00001, 'OV', offsets64(0, halved, 2 * halved)];
    for (const lengths of [offsets64(2n ** 63n, 1, 0), offsets64(1e12, 1e12, 1e12), offsets64(1), empty]) {
      expect(await shown([empty, ...inHalves()], [table, [0x7fe00002, 'OV', lengths]])).toEqual(right);
    }
  });

  it('are refused where a table leads to a header within a fragment that says more than the file has', async () => {
    for (const length of [5_000_000, 600_000_000, 0xfffffff0]) {
      const trap = Buffer.concat([frames[1]!, itemHeader(length), Buffer.alloc(16)]);
      const at = whole + 8 + frames[1]!.length;
      const table = offsets64(0, at, at + 8 + length);
      const fragments = [empty, frames[0]!, trap, frames[2]!, Buffer.alloc(2)];
      expect(await shown(fragments, [[0x7fe00001, 'OV', table]])).toEqual(refused);
    }
  });

  it('are refused where fragments and frames are of different numbers, and nothing tells which are whose', async () => {
    const [one, two, three] = frames as readonly [Buffer, Buffer, Buffer];
    expect(await shown([empty])).toEqual(refused);
    expect(await shown([empty, one, two])).toEqual(refused);
    expect(await shown([empty, one, two, three, three])).toEqual(refused);
    expect(await shown([empty, Buffer.alloc(2), one, two, three])).toEqual(refused);
    expect(await shown([empty, ...frames], [], 2147483647)).toEqual(refused);
  });

  it('have frames of no bytes, which are no images', async () => {
    expect(await shown([empty, empty, frames[1]!, empty])).toEqual(['200 400 415 400', '2', '200 400 415 400']);
  });
});
