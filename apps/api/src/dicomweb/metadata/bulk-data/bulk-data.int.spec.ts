import {
  type BuilderEntry,
  buildInstance,
  type InstanceDescription,
  TransferSyntax,
} from '../../../../../../libs/dicom/src/testing/dicom-builder.js';
import { buildImage } from '../../../../../../libs/dicom/src/testing/image-builder.js';
import { encodeFrame } from '@annal/dicom';
import { type Answer, startWritingApp, type WritingApp } from '../../../rest/testing/writing-app.js';

const PIXELS = Buffer.from(Array.from({ length: 5000 }, (_, index) => index % 251));
const ITEM: BuilderEntry[] = [
  [0x00281201, 'OW', Buffer.from('abcd')],
  [0x0040a160, 'UT', 'text'],
];
const DESCRIPTION: InstanceDescription = {
  extra: [
    [0x00420011, 'OB', Buffer.alloc(3000, 7)],
    [0x0040a730, 'SQ', [[], ITEM]],
  ],
  pixelBytes: PIXELS,
};
const OCTETS = 'application/octet-stream';
const PARTS = `multipart/related; type="${OCTETS}"`;

describe('bulk data of DICOMweb', () => {
  let writing: WritingApp;
  const frames = [1, 2].map((value) => Buffer.alloc(64, value));
  let compressed: Buffer[];
  beforeAll(async () => {
    writing = await startWritingApp();
    const image = { rows: 8, columns: 8, sopUid: '1.4', frames: 2 };
    const base = { kind: 'integer', rows: 8, columns: 8, samplesPerPixel: 1, photometric: 'MONOCHROME2' } as const;
    const depth = { bitsAllocated: 8, bitsStored: 8, highBit: 7, signed: false } as const;
    const encoded = await Promise.all(
      frames.map((data) => encodeFrame({ ...base, ...depth, data }, '1.2.840.10008.1.2.5', 100)),
    );
    compressed = encoded.map(({ bytes }) => (bytes.length % 2 === 0 ? bytes : Buffer.concat([bytes, Buffer.alloc(1)])));
    const ones = { ...base, ...depth, columns: 1, data: Buffer.alloc(8, 0xff) } as const;
    const { bytes: bits } = await encodeFrame(ones, '1.2.840.10008.1.2.5', 100);
    const files = [
      buildInstance({ ...DESCRIPTION, sopUid: '1.1' }),
      buildInstance({ ...DESCRIPTION, sopUid: '1.2', transferSyntax: TransferSyntax.explicitBigEndian }),
      buildInstance({ ...DESCRIPTION, sopUid: '1.3', transferSyntax: TransferSyntax.deflatedLittleEndian }),
      buildImage({ ...image, transferSyntax: '1.2.840.10008.1.2.5', fragments: [Buffer.alloc(0), ...compressed] }),
      buildImage({
        ...image,
        sopUid: '1.5',
        frames: 1,
        bitsAllocated: 1,
        bitsStored: 1,
        transferSyntax: '1.2.840.10008.1.2.5',
        fragments: [Buffer.alloc(0), Buffer.concat([bits, Buffer.alloc(bits.length % 2)])],
      }),
    ];
    for (const file of files) expect((await writing.send('POST', '/instances', file)).status).toBe(200);
  });
  afterAll(() => writing.close());

  const of = (sop: string): string => `/dicom-web/studies/1.2.3.1/series/1.2.3.1.1/instances/${sop}`;
  const ask = (sop: string, path: string, headers: Record<string, string> = {}): Promise<Answer> =>
    writing.send('GET', `${of(sop)}/bulk/${path}`, undefined, headers);
  const partsOf = ({ bytes, headers }: Answer): { type: string; body: Buffer }[] => {
    const [, boundary] = /boundary=(\S+)$/.exec(headers.get('content-type')!)!;
    const texts = bytes.toString('latin1').split(`--${boundary}`);
    return texts.slice(1, -1).map((text) => {
      const end = text.indexOf('\r\n\r\n');
      const type = /Content-Type: ([^\r]*)/.exec(text)![1]!;
      return { type, body: Buffer.from(text.slice(end + 4, -2), 'latin1') };
    });
  };
  const swapped = (bytes: Buffer): Buffer => Buffer.from(bytes).swap16();

  it('are where the metadata say, all of them, as the one part of a multipart body', async () => {
    for (const sop of ['1.1', '1.2', '1.3']) {
      const inOrder = (bytes: Buffer): Buffer => (sop === '1.2' ? swapped(bytes) : bytes);
      const values = [inOrder(Buffer.from('abcd')), Buffer.alloc(3000, 7), inOrder(PIXELS)];
      const metadata = (await writing.send('GET', `${of(sop)}/metadata`)).text;
      const uris = [...metadata.matchAll(/"BulkDataURI":"[^"]*?\/bulk\/([^"]*)"/g)].map(([, path]) => path!);
      expect(uris).toEqual(['0040a730/2/00281201', '00420011', '7fe00010']);
      for (const [index, path] of uris.entries()) {
        const answer = await ask(sop, path);
        expect(answer.headers.get('content-length')).toBe(String(answer.bytes.length));
        expect(partsOf(answer)).toEqual([{ type: OCTETS, body: values[index] }]);
        const single = await ask(sop, path, { accept: OCTETS });
        expect([single.headers.get('content-type'), single.bytes]).toEqual([OCTETS, values[index]]);
      }
    }
  });

  it('are sent in parts where a range is asked for', async () => {
    for (const [sop, pixels] of [
      ['1.1', PIXELS],
      ['1.2', swapped(PIXELS)],
    ] as const) {
      for (const accept of [OCTETS, '*/*']) {
        const answer = await ask(sop, '7fe00010', { accept, range: 'bytes=1001-2000' });
        expect([answer.status, answer.headers.get('content-range')]).toEqual([206, 'bytes 1001-2000/5000']);
        expect(answer.bytes).toEqual(pixels.subarray(1001, 2001));
      }
    }
    expect((await ask('1.1', '7fe00010', { accept: OCTETS, range: 'bytes=5000-' })).status).toBe(416);
  });

  it('of compressed images are frames, as they are stored or decoded', async () => {
    const syntax = '1.2.840.10008.1.2.5';
    for (const accept of ['*/*', 'multipart/related; type="image/dicom-rle"']) {
      const answer = await ask('1.4', '7fe00010', { accept });
      const type = `image/dicom-rle; transfer-syntax=${syntax}`;
      expect(partsOf(answer)).toEqual(compressed.map((body) => ({ type, body })));
    }
    expect(partsOf(await ask('1.4', '7fe00010', { accept: PARTS }))).toEqual(
      frames.map((body) => ({ type: OCTETS, body })),
    );
    expect((await ask('1.4', '7fe00010', { accept: OCTETS })).status).toBe(400);
    expect((await ask('1.4', '7fe00010', { accept: 'image/jpeg' })).status).toBe(400);
  });

  it('of compressed single bits are eight to a byte once decoded, as in the frames', async () => {
    for (const path of ['bulk/7fe00010', 'frames/1']) {
      const answer = await writing.send('GET', `${of('1.5')}/${path}`, undefined, { accept: PARTS });
      expect(partsOf(answer).map(({ body }) => [...body])).toEqual([Array(8).fill(0xff)]);
    }
  });

  it('are values of other attributes too', async () => {
    expect((await ask('1.1', '00100010', { accept: OCTETS })).text).toBe('Doe^Jane');
    expect((await ask('1.1', '0040A730/2/0040A160', { accept: OCTETS })).text).toBe('text');
  });

  it.each([
    ['0040a730/2', 400, 'Bulk data URI in WADO-RS should have an odd number of items: 0040a730/2'],
    ['0040a730', 400, 'A sequence is no bulk data'],
    ['0040a730/0/00281201', 404, undefined],
    ['0040a730/3/00281201', 404, undefined],
    ['0040a730/9999999999999/00281201', 404, undefined],
    ['00280009', 404, undefined],
    ['hello', 400, undefined],
  ])('for %s are refused by %i', async (path, expected, Details) => {
    const { status, json } = await ask('1.1', path);
    expect([status, (json as { Details?: string }).Details]).toEqual([expected, Details]);
  });

  it('of what is not there are not found', async () => {
    expect((await ask('1.9', '7fe00010')).status).toBe(404);
    expect((await ask('1.1', '7fe00010', { accept: 'image/jpeg' })).status).toBe(400);
  });
});
