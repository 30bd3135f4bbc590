import { DicomDictionary, dicomJson, headerModel, tokenize } from '@annal/dicom';
import { parseMediaType } from '../http/media-range.js';
import { type BulkData, dicomFile } from './dicom-file.js';
import type { DicomJsonDataSet } from './dicom-json-model.js';
import { BadMetadata, UnsupportedBulkData } from './metadata-errors.js';
import { nativeDicomXml } from './native-dicom-xml.js';
import { readDicomJson } from './read-dicom-json.js';
import { NativeXmlReader } from './read-native-xml.js';

const dictionary = new DicomDictionary();
const IDENTIFIERS: DicomJsonDataSet = {
  '00080016': { vr: 'UI', Value: ['1.2.840.10008.5.1.4.1.1.7'] },
  '00080018': { vr: 'UI', Value: ['1.2.3'] },
};

interface BulkText extends BulkData {
  readonly text: string;
}

const bulkOf = (type: string, ...parts: readonly string[]): readonly BulkText[] =>
  parts.map((text) => ({ mediaType: parseMediaType(type), size: text.length, text }));

async function make(
  dataset: DicomJsonDataSet,
  bulk: Readonly<Record<string, readonly BulkText[]>> = {},
): Promise<Buffer> {
  const pieces = dicomFile(dataset, (uri) => bulk[uri]);
  return Buffer.concat(pieces.map((piece) => (Buffer.isBuffer(piece) ? piece : Buffer.from(piece.text))));
}

/** What a file says in the DICOM JSON model. */
function read(file: Buffer): { readonly syntax: string; readonly json: DicomJsonDataSet } {
  const parsed = tokenize(file, { complete: true, totalLength: file.length, lookup: dictionary });
  const model = headerModel(parsed, { dictionary, defaultEncoding: 'Latin1' });
  return { syntax: model.syntax, json: JSON.parse(dicomJson(model.dataset, { dictionary })) as DicomJsonDataSet };
}

const ALL: DicomJsonDataSet = {
  ...IDENTIFIERS,
  '00080005': { vr: 'CS', Value: ['ISO_IR 192'] },
  '00080008': { vr: 'CS', Value: ['DERIVED', null, 'A'] },
  '00080020': { vr: 'DA' },
  '00080060': { vr: 'CS', Value: ['OT'] },
  '00081140': {
    vr: 'SQ',
    Value: [
      {
        '00081150': { vr: 'UI', Value: ['1.2'] },
        '00082112': { vr: 'SQ', Value: [{ '0008103E': { vr: 'LO', Value: ['ß'] } }] },
      },
      {},
    ],
  },
  '00090010': { vr: 'LO', Value: ['ANNAL TEST'] },
  '00091001': { vr: 'LO', Value: ['private'] },
  '00100010': { vr: 'PN', Value: [{ Alphabetic: 'Müller^A', Ideographic: '山田^太郎', Phonetic: 'やまだ' }] },
  '00104000': { vr: 'LT', Value: ['two\\lines & <more>'] },
  '00200013': { vr: 'IS', Value: [7] },
  '00280009': { vr: 'AT', Value: ['00181063'] },
  '00280010': { vr: 'US', Value: [1] },
  '00280030': { vr: 'DS', Value: [0.5, 2] },
  '00189004': { vr: 'CS', Value: ['X'] },
  '00189073': { vr: 'FD', Value: [1.25e-3] },
  '00720082': { vr: 'SV', Value: ['-9007199254740993'] },
  '00720078': { vr: 'UL', Value: [4294967295] },
  '00720076': { vr: 'FL', Value: [0.5] },
  '0072007C': { vr: 'SL', Value: [-5] },
  '0072007E': { vr: 'SS', Value: [-5] },
  '00420011': { vr: 'OB', InlineBinary: 'AAECAw==' },
};

/** What a file says of it: numbers of DS may come as such, and are shown as they stand in the file. */
const WRITTEN: DicomJsonDataSet = { ...ALL, '00280030': { vr: 'DS', Value: ['0.5', '2'] } };

describe('a DICOM file made of metadata', () => {
  it('says what they say', async () => {
    const { syntax, json } = read(await make(readDicomJson(structuredClone(ALL))));
    expect([syntax, json]).toEqual(['1.2.840.10008.1.2.1', WRITTEN]);
  });

  it('says the same of metadata in XML, however they are cut', async () => {
    const xml = nativeDicomXml(ALL, { knownNameOf: () => undefined });
    for (const size of [1, 7, 100_000]) {
      const reader = new NativeXmlReader(100);
      for (let at = 0; at < xml.length; at += size) reader.write(xml.slice(at, at + size));
      expect(read(await make(reader.end())).json).toEqual(WRITTEN);
    }
  });

  it('gives private attributes of XML the block of their creator', async () => {
    const reader = new NativeXmlReader(100);
    reader.write(
      '<n:NativeDicomModel xmlns:n="x">' +
        '<n:DicomAttribute tag="00090001" vr="LO" privateCreator="B"><n:Value number="1">b</n:Value></n:DicomAttribute>' +
        '<n:DicomAttribute tag="00090010" vr="LO"><n:Value number="1">A</n:Value></n:DicomAttribute>' +
        '<n:DicomAttribute tag="00090001" vr="LO" privateCreator="A"><n:Value number="1">a</n:Value></n:DicomAttribute>' +
        '</n:NativeDicomModel>',
    );
    const texts = Object.entries(reader.end()).map(([tag, { Value }]) => [tag, Value]);
    expect(Object.fromEntries(texts)).toEqual({
      '00090010': ['A'],
      '00090011': ['B'],
      '00091001': ['a'],
      '00091101': ['b'],
    });
  });

  it('is in UTF-8 where its texts are not ASCII, and names the character set given else', async () => {
    const named = (name: string): DicomJsonDataSet => ({
      ...IDENTIFIERS,
      '00080005': { vr: 'CS', Value: ['ISO_IR 100'] },
      '00100010': { vr: 'PN', Value: [{ Alphabetic: name }] },
    });
    expect(read(await make(named('A'))).json['00080005']).toEqual({ vr: 'CS', Value: ['ISO_IR 100'] });
    const { json } = read(await make(named('É')));
    expect([json['00080005'], json['00100010']]).toEqual([
      { vr: 'CS', Value: ['ISO_IR 192'] },
      { vr: 'PN', Value: [{ Alphabetic: 'É' }] },
    ]);
  });

  it('leaves out group lengths, meta information and what only answers have', async () => {
    const more = { '00020010': 'UI', '00080000': 'UL', '00083002': 'UI' };
    const extra = Object.fromEntries(Object.entries(more).map(([tag, vr]) => [tag, { vr }]));
    expect(read(await make({ ...extra, ...IDENTIFIERS })).json).toEqual(IDENTIFIERS);
  });

  describe('with bulk data', () => {
    const pixels = (frames?: number): DicomJsonDataSet => ({
      ...IDENTIFIERS,
      ...(frames !== undefined && { '00280008': { vr: 'IS', Value: [frames] } }),
      '7FE00010': { vr: 'OW', BulkDataURI: 'bulk/1' },
    });

    it('has them where they belong, padded to an even length', async () => {
      const nested = {
        ...IDENTIFIERS,
        '00081140': { vr: 'SQ', Value: [{ '00420011': { vr: 'OB', BulkDataURI: 'a' } }] },
        '00420011': { vr: 'OB', BulkDataURI: 'b' },
        '7FE00010': { vr: 'OB', BulkDataURI: 'a' },
      };
      const octets = 'application/octet-stream';
      const file = await make(nested, { a: bulkOf(octets, 'abc'), b: bulkOf(octets, 'de', 'f') });
      const parsed = tokenize(file, { complete: true, totalLength: file.length, lookup: dictionary });
      const bytes = (tag: number, elements = parsed.dataset.elements): string | undefined =>
        elements.find((element) => element.tag === tag)?.bytes?.toString();
      const item = parsed.dataset.elements.find(({ tag }) => tag === 0x00081140)!.items![0]!;
      expect([bytes(0x00420011), bytes(0x00420011, item.elements)]).toEqual(['def\0', 'abc\0']);
      expect(file.subarray(-4).toString()).toBe('abc\0');
    });

    it.each([
      ['image/jpeg', '1.2.840.10008.1.2.4.70'],
      ['image/jpeg; transfer-syntax=1.2.840.10008.1.2.4.50', '1.2.840.10008.1.2.4.50'],
      ['image/jls; transfer-syntax=*', '1.2.840.10008.1.2.4.80'],
      ['image/jp2', '1.2.840.10008.1.2.4.90'],
      ['image/jphc', '1.2.840.10008.1.2.4.201'],
      ['image/dicom-rle', '1.2.840.10008.1.2.5'],
    ])('of type %s, encapsulates a fragment a frame, in %s', async (type, syntax) => {
      const file = await make(pixels(2), { 'bulk/1': bulkOf(type, 'frame1', 'frame-2') });
      const parsed = tokenize(file, { complete: true, totalLength: file.length, lookup: dictionary });
      const fragments = parsed.pixelData!.fragments!.map(({ offset, length }) =>
        file.toString('latin1', offset, offset + length),
      );
      expect([parsed.transferSyntaxUid, fragments]).toEqual([syntax, ['', 'frame1', 'frame-2\0']]);
    });

    it('takes a video as it is', async () => {
      expect(read(await make(pixels(30), { 'bulk/1': bulkOf('video/mp4', 'film') })).syntax).toBe(
        '1.2.840.10008.1.2.4.102',
      );
    });

    it.each([
      ['are not in the request', pixels(), {}, BadMetadata],
      ['are too few', pixels(3), { 'bulk/1': bulkOf('image/jpeg', 'a') }, BadMetadata],
      ['have an unknown media type', pixels(), { 'bulk/1': bulkOf('image/bmp', 'a') }, UnsupportedBulkData],
      [
        'have an unknown transfer syntax',
        pixels(),
        { 'bulk/1': bulkOf('image/jpeg;transfer-syntax=1.2', 'a') },
        UnsupportedBulkData,
      ],
      [
        'are big endian',
        pixels(),
        { 'bulk/1': bulkOf('application/octet-stream;transfer-syntax=1.2.840.10008.1.2.2', 'a') },
        UnsupportedBulkData,
      ],
    ])('cannot be made when they %s', async (_why, dataset, bulk, error) => {
      await expect(make(dataset, bulk as Record<string, readonly BulkText[]>)).rejects.toThrow(error);
    });

    it.each(['http://169.254.169.254/latest', 'file:///etc/passwd', '/etc/passwd', '../../a', ''])(
      'looks nothing up outside the request: %s',
      async (uri) => {
        const made = make({ ...IDENTIFIERS, '00420011': { vr: 'OB', BulkDataURI: uri } });
        await expect(made).rejects.toMatchObject({ bulkData: true, claimed: { sopInstanceUid: '1.2.3' } });
      },
    );
  });
});

describe('metadata that are none', () => {
  it.each<[string, unknown]>([
    ['text', 'text'],
    ['nothing', null],
    ['a list in a list', [[]]],
    ['names of attributes', { PatientName: { vr: 'PN' } }],
    ['prototypes', JSON.parse('{"__proto__": {"vr": "LO"}}')],
    ['an attribute without representation', { '00100010': {} }],
    ['a representation that is none', { '00100010': { vr: 'pn' } }],
    ['values that are no list', { '00100010': { vr: 'PN', Value: 'A' } }],
    ['values that are lists', { '00100010': { vr: 'PN', Value: [['A']] } }],
    ['items that are none', { '00081140': { vr: 'SQ', Value: ['A'] } }],
    ['bytes that are none', { '00420011': { vr: 'OB', InlineBinary: 5 } }],
    ['a representation that there is not', { '00420011': { vr: 'ZZ', Value: ['A'] } }],
    ['bytes that are no Base64', { '00420011': { vr: 'OB', InlineBinary: '$$' } }],
    ['numbers as bytes', { '00420011': { vr: 'OB', Value: [1] } }],
    ['a number out of range', { '00280010': { vr: 'US', Value: [65536] } }],
    ['a number that is none', { '00280010': { vr: 'US', Value: ['x'] } }],
    ['a fraction', { '00280010': { vr: 'US', Value: [1.5] } }],
    ['a name as text', { '00100020': { vr: 'LO', Value: [{ Alphabetic: 'A' }] } }],
    ['a tag that is none', { '00280009': { vr: 'AT', Value: ['A'] } }],
    ['a sequence elsewhere', { '00081140': { vr: 'SQ', BulkDataURI: 'a' } }],
  ])('are refused in JSON: %s', async (_what, document) => {
    await expect((async () => make(readDicomJson(document)))()).rejects.toThrow(BadMetadata);
  });

  const model = (content: string): string => `<NativeDicomModel>${content}</NativeDicomModel>`;
  const attribute = (content: string): string =>
    model(`<DicomAttribute tag="00100010" vr="PN">${content}</DicomAttribute>`);
  it.each<[string, string]>([
    ['nothing', ''],
    ['no end', '<NativeDicomModel>'],
    ['tags that do not fit', '<NativeDicomModel></Other>'],
    ['another document', '<html/>'],
    ['a document type', `<!DOCTYPE a>${model('')}`],
    [
      'an entity from a file',
      `<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>${attribute('<Value number="1">&x;</Value>')}`,
    ],
    ['parameter entities', `<!DOCTYPE a [<!ENTITY % x SYSTEM "http://localhost/x"> %x;]>${model('')}`],
    [
      'a billion laughs',
      `<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>${attribute('<Value number="1">&b;</Value>')}`,
    ],
    ['an unknown entity', attribute('<Value number="1">&x;</Value>')],
    ['another encoding', `<?xml version="1.0" encoding="utf-16"?>${model('')}`],
    ['an attribute within another', attribute('<DicomAttribute tag="00100020" vr="LO"/>')],
    ['a tag that is none', model('<DicomAttribute tag="PatientName" vr="PN"/>')],
    ['no representation', model('<DicomAttribute tag="00100010"/>')],
    ['values from nowhere', model('<Value number="1">A</Value>')],
    [
      'many gaps between values',
      attribute(Array.from({ length: 9 }, (_, n) => `<Value number="${(n + 1) * 200}">A</Value>`).join('')),
    ],
    ['values without end', attribute('<Value number="4000000000">A</Value>')],
    ['values twice', attribute('<Value number="1">A</Value><Value number="1">B</Value>')],
    ['a component from nowhere', attribute('<FamilyName>A</FamilyName>')],
    ['elements without end', '<NativeDicomModel>'.repeat(200)],
    ['a name without end', `<NativeDicomModel><${'a'.repeat(100_000)}`],
  ])('are refused in XML: %s', (_what, xml) => {
    const parse = (): unknown => {
      const reader = new NativeXmlReader(100);
      reader.write(xml);
      return reader.end();
    };
    expect(parse).toThrow(BadMetadata);
  });
});
