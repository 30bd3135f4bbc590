import { DicomDictionary, MainDicomTags } from '@annal/dicom';
import { type FileHead, MissingIdentifier, NotDicom, parseInstance } from '@annal/projections';
import type { BuilderEntry } from '../../../../libs/dicom/src/testing/element-writer.js';
import { buildInstance } from '../../../../libs/dicom/src/testing/instance-builder.js';
import { buildDicom, TransferSyntax } from '../../../../libs/dicom/src/testing/part10-builder.js';
import { BeyondLimit } from './intake-errors.js';
import { InstanceParser } from './instance-parser.js';

/** A tag that only the site's own dictionary knows, of a level it is a main tag of. */
const OWN_TAG = 0x00111001;
const DICTIONARY = { dictionary: { '0011,1001': ['SH', 'OwnTag', 1, 1, 'SITE'] } } as const;
const EXTRA = { Study: ['OwnTag'] };
const MIB = 1024 * 1024;

/** More elements than are parsed on the spot. */
const MANY: readonly BuilderEntry[] = Array.from({ length: 25_000 }, (_, i) => [
  ((0x1001 + 2 * (i >> 14)) << 16) + 0x1000 + (i & 0x3fff),
  'SH',
  '1',
]);

const headOf = (file: Buffer, length = file.length): FileHead => ({
  head: file.subarray(0, length),
  complete: length === file.length,
  totalLength: file.length,
});

describe('the parser of uploads', () => {
  const dictionary = new DicomDictionary(DICTIONARY);
  const mainTags = new MainDicomTags(dictionary, EXTRA);
  const parsers: InstanceParser[] = [];
  const parserWith = (limits = {}, timeout = 60_000): InstanceParser => {
    const parser = new InstanceParser({ dictionary, mainTags, limits }, DICTIONARY, EXTRA, timeout);
    parsers.push(parser);
    return parser;
  };
  afterAll(() => Promise.all(parsers.map((parser) => parser.close())));

  const site: readonly BuilderEntry[] = [
    [0x00110010, 'LO', 'SITE'],
    [OWN_TAG, 'SH', 'own'],
  ];
  const fragments = [Buffer.alloc(0), Buffer.alloc(MIB)];

  it.each<[string, FileHead]>([
    ['many elements', headOf(buildInstance({ patientName: 'Größe', extra: [...site, ...MANY], pixelBytes: 512 }))],
    [
      'a deflated data set',
      headOf(buildInstance({ transferSyntax: TransferSyntax.deflatedLittleEndian, extra: site, pixelBytes: 5 * MIB })),
    ],
    ['a long header', headOf(buildInstance({ extra: [...site, [0x00420011, 'OB', Buffer.alloc(9 * MIB)]] }))],
    [
      'many elements, and pixel data beyond what is there',
      headOf(buildInstance({ transferSyntax: TransferSyntax.jpegBaseline, extra: MANY, fragments }), MIB),
    ],
    ['many elements, and more to come', headOf(buildInstance({ extra: MANY }), 240_000)],
  ])('says in a thread of %s what it would say on the spot, while the event loop turns', async (_, source) => {
    let turned = false;
    setImmediate(() => (turned = true));
    const parsed = await parserWith().parse(source, 'Latin1');
    expect(turned).toBe(true);
    expect(parsed).toEqual(parseInstance(source, { dictionary, mainTags, limits: {}, defaultEncoding: 'Latin1' }));
    if (parsed) expect(Buffer.isBuffer(parsed.instance.header)).toBe(true);
  });

  it('parses a usual file at once', async () => {
    let turned = false;
    setImmediate(() => (turned = true));
    expect((await parserWith().parse(headOf(buildInstance({ pixelBytes: 512 })), 'Latin1'))?.uids).toMatchObject({
      sopInstanceUid: '1.2.3.1.1.1',
    });
    expect(turned).toBe(false);
  });

  it('says of a file that lacks an identifier, in a thread too, what it claims to be', async () => {
    const claimed = { sopClassUid: '1.2.840.10008.5.1.4.1.1.7', sopInstanceUid: '1.2.3' };
    const elements: readonly BuilderEntry[] = [
      [0x00080016, 'UI', claimed.sopClassUid],
      [0x00080018, 'UI', claimed.sopInstanceUid],
    ];
    for (const more of [[], MANY]) {
      const refused = parserWith().parse(headOf(buildDicom({ elements: [...elements, ...more] })), 'Latin1');
      const error = await refused.catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(MissingIdentifier);
      expect(error).toMatchObject({ claimed });
    }
  });

  it('refuses in a thread what is no DICOM after all', async () => {
    const file = buildInstance({ extra: MANY });
    const cut = file.subarray(0, file.length - 3);
    await expect(parserWith().parse(headOf(cut), 'Latin1')).rejects.toThrow(NotDicom);
  });

  it('refuses in a thread what is beyond a limit or takes too long', async () => {
    const source = headOf(buildInstance({ extra: MANY }));
    await expect(parserWith({ maxElements: 21_000 }).parse(source, 'Latin1')).rejects.toThrow(BeyondLimit);
    const hurried = parserWith({}, 1);
    await expect(hurried.parse(source, 'Latin1')).rejects.toThrow('0.001 seconds to parse a DICOM file');
  });
});
