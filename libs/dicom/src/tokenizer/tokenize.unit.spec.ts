import { type DataElement, type DicomFile, type Tag } from '../dataset.js';
import { buildDicom, buildInstance, type BuilderEntry, TransferSyntax } from '../testing/dicom-builder.js';
import { SMALL_DICTIONARY as lookup } from '../testing/small-dictionary.js';
import { textOf } from '../values/text.js';
import { isDicom } from './sniff.js';
import { tokenize } from './tokenize.js';

const { implicitLittleEndian, explicitLittleEndian, explicitBigEndian, deflatedLittleEndian, rle } = TransferSyntax;
const ELEMENTS: readonly BuilderEntry[] = [
  [0x00080005, 'CS', 'ISO_IR 100'],
  [0x00081030, 'LO', 'Kopf'],
  [0x00081140, 'SQ', [[[0x00081150, 'UI', '1.2.3']], []]],
  { tag: 0x00081140 + 0x10000, vr: 'SQ', undefinedLength: true, items: [[[0x00100010, 'PN', 'É^B']]] },
  [0x00100010, 'PN', 'Doe^J'],
  [0x00280010, 'US', [7]],
];

const element = (file: DicomFile, tag: Tag): DataElement => {
  const found = file.dataset.elements.find((each) => each.tag === tag);
  if (!found) throw new Error('no such element');
  return found;
};
const text = (file: DicomFile, tag: Tag): string => textOf(element(file, tag), file.dataset, 'Latin1');

describe('tokenize', () => {
  it.each([
    ['implicit little endian', implicitLittleEndian],
    ['explicit little endian', explicitLittleEndian],
    ['explicit big endian', explicitBigEndian],
    ['deflated', deflatedLittleEndian],
  ])('reads %s', (_name, transferSyntax) => {
    const elements = ELEMENTS.filter((each) => transferSyntax !== implicitLittleEndian || !('undefinedLength' in each));
    const file = tokenize(buildDicom({ transferSyntax, elements, pixelData: Buffer.from('abcd') }), { lookup });
    expect(file.transferSyntaxUid).toBe(transferSyntax);
    expect(text(file, 0x00081030)).toBe('Kopf');
    expect(element(file, 0x00081140).items).toHaveLength(2);
    expect(file.dataset.littleEndian).toBe(transferSyntax !== explicitBigEndian);
    expect(file.pixelData).toMatchObject({ tag: 0x7fe00010, vr: 'OW', length: 4, bytes: Buffer.from('abcd') });
    expect(file.dataset.elements.map(({ tag }) => tag)).not.toContain(0x7fe00010);
  });

  it('tells the byte range of every element and shares the bytes of the source', () => {
    const source = buildDicom({ elements: ELEMENTS });
    const { dataset, meta } = tokenize(source, { lookup });
    const { elements } = dataset;
    elements.forEach((each, index) => {
      const delimiter = each.undefinedLength ? 8 : 0;
      const end = each.valueOffset + each.length + delimiter;
      expect(end).toBe(elements[index + 1]?.offset ?? source.length);
      expect(each.bytes?.buffer ?? source.buffer).toBe(source.buffer);
    });
    expect(elements[0]?.offset).toBe((meta.elements.at(-1)?.valueOffset ?? 0) + (meta.elements.at(-1)?.length ?? 0));
  });

  it('gives items the character sets of their data set unless they have their own', () => {
    const file = tokenize(
      buildDicom({
        elements: [
          [0x00081140, 'SQ', [[[0x00100010, 'PN', 'a']], [[0x00080005, 'CS', 'ISO_IR 101']]]],
          [0x00080005, 'CS', 'ISO_IR 192'],
        ],
      }),
      { lookup },
    );
    expect(file.dataset.characterSets).toEqual(['ISO_IR 192']);
    expect(element(file, 0x00081140).items?.map((item) => item.characterSets)).toEqual([
      ['ISO_IR 192'],
      ['ISO_IR 101'],
    ]);
  });

  it.each([
    ['explicit', explicitLittleEndian],
    ['implicit', implicitLittleEndian],
    ['big endian', explicitBigEndian],
  ])('guesses %s without preamble and meta information', (_name, transferSyntax) => {
    const source = buildDicom({ transferSyntax, meta: false, preamble: false, elements: [[0x00080060, 'CS', 'CT']] });
    const file = tokenize(source, { lookup });
    expect(file.transferSyntaxUid).toBe(transferSyntax);
    expect(text(file, 0x00080060)).toBe('CT');
    expect(isDicom(source)).toBe(true);
  });

  it.each([0, 1, 50, 500, 0xffffffff])(
    'does not believe the group length %d of the meta information',
    (metaGroupLength) => {
      const file = tokenize(buildDicom({ metaGroupLength, elements: ELEMENTS }), { lookup });
      expect(file.meta.elements).toHaveLength(6);
      expect(text(file, 0x00100010)).toBe('Doe^J');
    },
  );

  it('reads the meta information without preamble, and private transfer syntaxes by a guess', () => {
    const meta: BuilderEntry[] = [[0x00020010, 'UI', '1.2.840.113619.5.2']];
    const source = buildDicom({
      transferSyntax: implicitLittleEndian,
      preamble: false,
      meta,
      elements: [[0x00080060, 'CS', 'MR']],
    });
    const file = tokenize(source, { lookup });
    expect(file.transferSyntaxUid).toBe('1.2.840.113619.5.2');
    expect(text(file, 0x00080060)).toBe('MR');
  });

  it('reads private elements of implicit VR by their creator', () => {
    const elements: BuilderEntry[] = [
      [0x00090010, 'LO', 'ACME'],
      [0x00090011, 'LO', 'OTHER'],
      [0x00091009, 'DS', '1.5'],
      [0x00091109, 'DS', '1.5'],
    ];
    const file = tokenize(buildDicom({ transferSyntax: implicitLittleEndian, elements }), { lookup });
    expect(file.dataset.elements.map(({ vr }) => vr)).toEqual(['LO', 'LO', 'DS', 'UN']);
  });

  it('reads VR UN of undefined length as implicit little endian, in big endian files too', () => {
    const inner = buildDicom({
      transferSyntax: implicitLittleEndian,
      meta: false,
      preamble: false,
      elements: [{ tag: 0x00091010, vr: 'UN', undefinedLength: true, items: [[[0x00081150, 'UI', '1.2']]] }],
    });
    const before = buildDicom({ transferSyntax: explicitBigEndian, elements: [] });
    const header = Buffer.from([0x00, 0x09, 0x10, 0x10, 0x55, 0x4e, 0, 0, 0xff, 0xff, 0xff, 0xff]);
    const file = tokenize(Buffer.concat([before, header, inner.subarray(8)]), { lookup });
    const [item] = element(file, 0x00091010).items ?? [];
    expect(item?.littleEndian).toBe(true);
    expect(item?.elements[0]?.bytes?.toString()).toBe('1.2\0');
  });

  it('lists the fragments of encapsulated pixel data and the elements after it', () => {
    const pixelData = [Buffer.alloc(0), Buffer.from('abcd'), Buffer.from('ef')];
    const source = buildDicom({
      transferSyntax: rle,
      elements: ELEMENTS,
      pixelData,
      trailing: [[0xfffcfffc, 'OB', Buffer.alloc(2)]],
    });
    const { pixelData: pixels, trailing } = tokenize(source, { lookup });
    expect(pixels?.fragments?.map(({ offset, length }) => source.toString('latin1', offset, offset + length))).toEqual([
      '',
      'abcd',
      'ef',
    ]);
    expect(pixels?.length).toBe(3 * 8 + 6);
    expect(trailing.map(({ tag }) => tag)).toEqual([0xfffcfffc]);
  });

  it('keeps odd lengths, duplicates, wrong order and representations that do not exist', () => {
    const elements: BuilderEntry[] = [
      [0x00100010, 'PN', Buffer.from('A^B')],
      [0x00081030, 'LO', 'first '],
      [0x00081030, '??', 'second'],
      { tag: 0x00081030, vr: 'lo', value: 'third ' },
      [0x00080000, 'UL', [4]],
    ];
    const file = tokenize(buildDicom({ elements }), { lookup });
    expect(file.dataset.elements.map(({ vr, length }) => `${vr} ${length}`)).toEqual([
      'PN 3',
      'LO 6',
      'UN 6',
      'UN 6',
      'UL 4',
    ]);
  });

  it('is not misled by delimiters within binary values', () => {
    const delimiters = Buffer.from('feff0de000000000feffdde000000000', 'hex');
    const item: BuilderEntry[] = [
      [0x00091010, 'OB', delimiters],
      [0x00100020, 'LO', 'after'],
    ];
    const file = tokenize(
      buildDicom({
        elements: [{ tag: 0x00081140, vr: 'SQ', undefinedLength: true, items: [item] }, [0x00100020, 'LO', 'last']],
      }),
      { lookup },
    );
    expect(element(file, 0x00081140).items?.[0]?.elements.map(({ length }) => length)).toEqual([16, 6]);
    expect(text(file, 0x00100020)).toBe('last');
  });

  it('reads the beginning of a file up to the pixel data', () => {
    const source = buildInstance({ pixelBytes: 5000 });
    const whole = tokenize(source, { lookup });
    const start = whole.pixelData?.valueOffset ?? 0;
    const part = tokenize(source.subarray(0, start + 10), { lookup, totalLength: source.length });
    expect(part.dataset.elements).toHaveLength(whole.dataset.elements.length);
    expect(part.pixelData).toMatchObject({ offset: whole.pixelData?.offset, length: 5000 });
    expect(part.pixelData?.bytes).toBeUndefined();
    expect(tokenize(source.subarray(0, start), { lookup, complete: false }).pixelData?.length).toBe(5000);
  });
});

describe('isDicom', () => {
  it.each(['%PDF-1.4 and so on', 'PK\x03\x04 zip archive', '\x89PNG\r\n\x1a\n....', '<html><body></body></html>', ''])(
    'is false for %j',
    (start) => {
      expect(isDicom(Buffer.from(start, 'latin1'))).toBe(false);
    },
  );

  it('is true for what has the prefix', () => {
    expect(isDicom(buildInstance().subarray(0, 132))).toBe(true);
  });
});
