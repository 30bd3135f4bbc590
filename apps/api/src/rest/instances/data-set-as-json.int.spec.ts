import {
  type BuilderEntry,
  buildInstance,
  type InstanceDescription,
  TransferSyntax,
} from '../../../../../libs/dicom/src/testing/dicom-builder.js';
import { type Answer, startWritingApp, type WritingApp } from '../testing/writing-app.js';

const JSON_TYPE = 'application/dicom+json';
const XML_TYPE = 'application/dicom+xml';
const JPEG = '1.2.840.10008.1.2.4.50';
/** A UT, whose backslashes separate nothing. */
const TEXT = 'Grüße\\'.repeat(12_000);
const NUMBERS = Array.from({ length: 1000 }, (_, index) => index * 60 + 1);
const DOUBLES = NUMBERS.map((number) => number / 8);
const TAGS = NUMBERS.map((number) => 0x00100000 + number);
const BYTES = Buffer.from(NUMBERS.map((number) => number & 0xff));
const PIXELS = Buffer.from(Array.from({ length: 5000 }, (_, index) => index % 251));

const inBase64 = (bytes: Buffer): { InlineBinary: string } => ({ InlineBinary: bytes.toString('base64') });
const words = (numbers: readonly number[]): Buffer => Buffer.from(Uint16Array.from(numbers).buffer);

const DESCRIPTION: InstanceDescription = {
  characterSet: 'ISO_IR 100',
  extra: [
    [0x00189087, 'FD', DOUBLES],
    [0x00280009, 'AT', TAGS],
    [
      0x00283010,
      'SQ',
      [
        [
          [0x00281201, 'OW', [1, 2]],
          [0x00281202, 'OW', NUMBERS],
          [0x00283006, 'US', NUMBERS],
          [0x0040a160, 'UN', Buffer.from(TEXT, 'latin1')],
          [0x00660016, 'OF', DOUBLES],
        ],
      ],
    ],
    [0x0040a160, 'UT', Buffer.from(TEXT, 'latin1')],
    [0x00420011, 'OB', BYTES],
  ],
  pixelBytes: PIXELS,
};

const EXPECTED = {
  '00189087': { vr: 'FD', Value: DOUBLES },
  '00280009': { vr: 'AT', Value: TAGS.map((tag) => tag.toString(16).toUpperCase().padStart(8, '0')) },
  '00283010': {
    vr: 'SQ',
    Value: [
      {
        '00281201': { vr: 'OW', ...inBase64(words([1, 2])) },
        '00281202': { vr: 'OW', ...inBase64(words(NUMBERS)) },
        '00283006': { vr: 'US', Value: NUMBERS },
        '0040A160': { vr: 'UT', Value: [TEXT] },
        '00660016': { vr: 'OF', ...inBase64(Buffer.from(Float32Array.from(DOUBLES).buffer)) },
      },
    ],
  },
  '0040A160': { vr: 'UT', Value: [TEXT] },
  '00420011': { vr: 'OB', ...inBase64(BYTES) },
  '7FE00010': { vr: 'OW', ...inBase64(PIXELS) },
};

describe('the data set of an instance as JSON or XML', () => {
  let writing: WritingApp;
  let stored = 0;
  beforeAll(async () => {
    writing = await startWritingApp();
  });
  afterAll(() => writing.close());

  const store = async (description: InstanceDescription): Promise<string> => {
    const file = buildInstance({ ...description, sopUid: `1.2.3.${++stored}` });
    const { status, json } = await writing.send('POST', '/instances', file);
    expect(status).toBe(200);
    return (json as { ID: string }).ID;
  };
  const ask = (id: string, accept: string, method = 'GET'): Promise<Answer> =>
    writing.send(method, `/instances/${id}/file`, undefined, { accept });

  describe.each([
    ['little endian', TransferSyntax.explicitLittleEndian, PIXELS],
    ['big endian', TransferSyntax.explicitBigEndian, Buffer.from(PIXELS).swap16()],
    ['deflated', TransferSyntax.deflatedLittleEndian, PIXELS],
  ])('of a %s file', (_name, transferSyntax, pixelBytes) => {
    let id: string;
    beforeAll(async () => {
      id = await store({ ...DESCRIPTION, transferSyntax, pixelBytes });
    });

    it('has numbers and texts as values however long, and bytes in little endian order', async () => {
      const { status, headers, json } = await ask(id, JSON_TYPE);
      expect([status, headers.get('content-type')]).toEqual([200, JSON_TYPE]);
      expect(json).toMatchObject(EXPECTED);
    });

    it('has the same as XML', async () => {
      const { status, headers, text } = await ask(id, XML_TYPE);
      expect([status, headers.get('content-type')]).toEqual([200, XML_TYPE]);
      const contentOf = (tag: string): string =>
        new RegExp(`^  <DicomAttribute tag="${tag}"[^>]*>\n(.*?)^  </DicomAttribute>`, 'ms').exec(text)![1]!;
      const valuesIn = (xml: string): string[] => [...xml.matchAll(/<Value [^>]*>([^<]*)</g)].map(([, each]) => each!);
      const binariesIn = (xml: string): string[] =>
        [...xml.matchAll(/<InlineBinary>([^<]*)</g)].map(([, each]) => each!);
      expect(valuesIn(contentOf('00189087'))).toEqual(DOUBLES.map(String));
      expect(valuesIn(contentOf('0040A160'))).toEqual([TEXT]);
      expect(binariesIn(contentOf('7FE00010'))).toEqual([PIXELS.toString('base64')]);
      const item = contentOf('00283010');
      expect(valuesIn(item)).toEqual([...NUMBERS.map(String), TEXT]);
      expect(binariesIn(item)).toEqual([
        words([1, 2]).toString('base64'),
        words(NUMBERS).toString('base64'),
        Buffer.from(Float32Array.from(DOUBLES).buffer).toString('base64'),
      ]);
    });

    it.each([JSON_TYPE, XML_TYPE])('is as long as HEAD says: %s', async (type) => {
      const [head, { headers, bytes }] = await Promise.all([ask(id, type, 'HEAD'), ask(id, type)]);
      expect([head.status, head.headers.get('content-type'), head.bytes.length]).toEqual([200, type, 0]);
      expect(head.headers.get('content-length')).toBe(String(bytes.length));
      expect(headers.get('content-length')).toBe(String(bytes.length));
    });
  });

  it('has no encapsulated pixel data, of icons neither', async () => {
    const fragment = Buffer.from('feff00e004000000ffd8ffd9', 'hex');
    const icon: BuilderEntry[] = [
      [0x00280010, 'US', 1],
      { tag: 0x7fe00010, vr: 'OB', value: Buffer.concat([fragment, fragment]), undefinedLength: true },
    ];
    const id = await store({
      transferSyntax: JPEG,
      extra: [[0x00880200, 'SQ', [icon]]],
      fragments: [Buffer.alloc(0), Buffer.from('ffd8ffd9', 'hex')],
    });
    const { status, json } = await ask(id, JSON_TYPE);
    expect(status).toBe(200);
    expect(json).not.toHaveProperty('7FE00010');
    expect(json).toHaveProperty('00880200', { vr: 'SQ', Value: [{ '00280010': { vr: 'US', Value: [1] } }] });
  });

  it('says that pixel data are there which have no byte', async () => {
    const { json } = await ask(await store({ pixelBytes: Buffer.alloc(0) }), JSON_TYPE);
    expect(json).toHaveProperty('7FE00010', { vr: 'OW' });
  });

  it.each<[string, BuilderEntry]>([
    ['numbers', [0x00181310, 'US', Buffer.alloc(5 * 1024 * 1024)]],
    ['texts', [0x00181020, 'LO', Buffer.alloc(3 * 1024 * 1024, '\\')]],
  ])('is refused with millions of %s, which take far more room than in the file', async (_name, entry) => {
    const id = await store({ transferSyntax: TransferSyntax.implicitLittleEndian, extra: [entry] });
    for (const type of [JSON_TYPE, XML_TYPE]) {
      const { status, json } = await ask(id, type);
      expect([status, json]).toMatchObject([413, { Details: 'More than 67108864 bytes of values' }]);
    }
  });
});
