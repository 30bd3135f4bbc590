import fc from 'fast-check';
import { DicomDictionary } from '../dictionary/dicom-dictionary.js';
import { buildDicom, type BuilderEntry, type DicomDescription, TransferSyntax } from '../testing/dicom-builder.js';
import { tokenize } from '../tokenizer/tokenize.js';
import { decodeHeader, encodeHeader } from './header-codec.js';
import { type HeaderContext, headerModel } from './header-model.js';
import { findElement, type HeaderModel, type HeaderValue } from './model.js';

const dictionary = new DicomDictionary();

function modelOf(description: DicomDescription, context: Partial<HeaderContext> = {}): HeaderModel {
  const file = tokenize(buildDicom(description), { lookup: dictionary });
  return headerModel(file, { dictionary, defaultEncoding: 'Latin1', ...context });
}

function valueOf(entry: BuilderEntry, description: DicomDescription = {}): HeaderValue | undefined {
  const model = modelOf({ ...description, elements: [...(description.elements ?? []), entry] });
  return model.dataset.at(-1)?.[2];
}

const implicit = { transferSyntax: TransferSyntax.implicitLittleEndian };

describe('headerModel', () => {
  it('keeps text decoded and without padding, in its original representation', () => {
    expect(valueOf([0x00281050, 'DS', '1.496995e+04 '])).toBe('1.496995e+04');
    expect(valueOf([0x00081030, 'LO', ' a\\b  '])).toBe(' a\\b');
    expect(valueOf([0x00081030, 'LO', Buffer.from('ab\0cd\0', 'latin1')])).toBe('ab');
    expect(valueOf([0x00100010, 'PN', 'Müller^Ü'], { elements: [[0x00080005, 'CS', 'ISO_IR 192']] })).toBe('Müller^Ü');
    expect(valueOf([0x00080050, 'SH', ''])).toBe('');
  });

  it('keeps numbers as numbers, and as text where JSON has none', () => {
    expect(valueOf([0x00280010, 'US', [1, 65535]])).toEqual([1, 65535]);
    expect(valueOf([0x00189073, 'FD', [0.1, Number.NaN, -0, Number.NEGATIVE_INFINITY]])).toEqual([
      0.1,
      'NaN',
      '-0',
      '-Infinity',
    ]);
    expect(valueOf([0x00720083, 'UV', [18446744073709551615n]])).toEqual(['18446744073709551615']);
    expect(valueOf([0x00280009, 'AT', [0x00181063]])).toEqual([0x00181063]);
    expect(valueOf([0x00280010, 'US', ''])).toBeNull();
  });

  it('reads big endian files', () => {
    const description = { transferSyntax: TransferSyntax.explicitBigEndian };
    expect(valueOf([0x00280010, 'US', 512], description)).toEqual([512]);
    const swapped = valueOf([0x00281201, 'OW', Buffer.from([1, 2, 3, 4])], description);
    expect(swapped).toEqual({ b: Buffer.from([2, 1, 4, 3]).toString('base64') });
  });

  it('keeps small binary values and the place of large ones', () => {
    expect(valueOf([0x00420011, 'OB', Buffer.from('ab')])).toEqual({ b: 'YWI=' });
    const bytes = Buffer.alloc(2000, 7);
    const file = buildDicom({ elements: [[0x00420011, 'OB', bytes]] });
    const place = valueOf([0x00420011, 'OB', bytes]) as { o: number; n: number };
    expect(file.subarray(place.o, place.o + place.n)).toEqual(bytes);
    expect(valueOf([0x0040a160, 'UT', 'x'.repeat(70_000)])).toMatchObject({ n: 70_000 });
  });

  it('ends with the pixel data, without its value, and what follows', () => {
    const native = modelOf({ pixelData: Buffer.alloc(8), trailing: [[0xfffcfffc, 'OB', Buffer.from('ab')]] });
    expect(native.dataset.map(([tag]) => tag)).toEqual([0x7fe00010, 0xfffcfffc]);
    expect(findElement(native.dataset, 0x7fe00010)?.[2]).toMatchObject({ n: 8 });
    const fragments = [Buffer.alloc(0), Buffer.alloc(10)];
    const encapsulated = modelOf({ transferSyntax: TransferSyntax.jpegBaseline, pixelData: fragments });
    expect(findElement(encapsulated.dataset, 0x7fe00010)).toMatchObject([0x7fe00010, 'OB', { n: 26, e: 1 }]);
  });

  it('nests sequences and keeps empty items', () => {
    const item: BuilderEntry[] = [[0x00081155, 'UI', '1.2']];
    expect(valueOf([0x00081140, 'SQ', [item, []]])).toEqual([[[0x00081155, 'UI', '1.2']], []]);
  });

  it('reads UN as text where the dictionaries know a string', () => {
    expect(modelOf({ elements: [[0x00081030, 'UN', Buffer.from('text  ')]] }).dataset).toEqual([
      [0x00081030, 'UN', 'text  '],
    ]);
    expect(valueOf([0x00280010, 'UN', Buffer.from([1, 0])])).toEqual({ b: 'AQA=' });
    const elements: BuilderEntry[] = [[0x00290010, 'LO', 'SIEMENS CSA HEADER']];
    expect(valueOf([0x00291008, 'UN', Buffer.from('IMAGE')], { elements })).toBe('IMAGE');
  });

  it('gives numbers of implicit VR files the sign that PixelRepresentation tells', () => {
    const element: BuilderEntry = [0x00280106, 'SS', -5];
    const signed = modelOf({ ...implicit, elements: [[0x00280103, 'US', 1], element] });
    expect(signed.dataset.at(-1)).toEqual([0x00280106, 'SS', [-5]]);
    const unsigned = modelOf({ ...implicit, elements: [[0x00280103, 'US', 0], element] });
    expect(unsigned.dataset.at(-1)).toEqual([0x00280106, 'US', [65531]]);
    expect(modelOf({ ...implicit, elements: [element] }).dataset).toEqual([[0x00280106, 'us', [65531]]]);
    expect(modelOf({ elements: [[0x00280103, 'US', 1], element] }).dataset.at(-1)).toEqual([0x00280106, 'SS', [-5]]);
  });

  it('marks private elements of implicit VR files that only the supplementary dictionary knows', () => {
    const elements: BuilderEntry[] = [
      [0x70530010, 'LO', 'Philips PET Private Group'],
      [0x70531000, 'DS', '0.5'],
    ];
    expect(modelOf({ ...implicit, elements }).dataset.at(-1)).toEqual([0x70531000, 'ds', '0.5']);
    expect(modelOf({ elements }).dataset.at(-1)).toEqual([0x70531000, 'DS', '0.5']);
  });

  it('stays quick on data sets with very many private elements', () => {
    const elements: BuilderEntry[] = Array.from({ length: 20_000 }, (_, index) => [
      0x00091000 + (index % 256),
      'UN',
      Buffer.from('ab'),
    ]);
    expect(modelOf({ elements: [[0x00090010, 'LO', 'ACME'], ...elements] }).dataset).toHaveLength(20_001);
  });
});

describe('encodeHeader and decodeHeader', () => {
  it('give any header back, without NUL characters', () => {
    const entry = fc.tuple(
      fc.integer({ min: 0x00080000, max: 0x5fffffff }).filter((tag) => (tag & 0xffff) > 0xff),
      fc.constantFrom('LO', 'UN', 'OW', 'US', 'FD', 'LT'),
      fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
    );
    const property = fc.property(fc.array(entry, { maxLength: 20 }), (elements) => {
      const model = modelOf({ elements });
      expect(decodeHeader(encodeHeader(model), 1 << 20)).toEqual(model);
      expect(JSON.stringify(model)).not.toContain('\\u0000');
    });
    fc.assert(property, { numRuns: 100 });
  });

  it('refuses to inflate more than allowed, and what is no header', () => {
    const encoded = encodeHeader(modelOf({ elements: [[0x00204000, 'LT', 'x'.repeat(5000)]] }));
    expect(() => decodeHeader(encoded, 1000)).toThrow();
    expect(() => decodeHeader(Buffer.from('nonsense'), 1000)).toThrow();
    expect(() => decodeHeader(encodeHeader({ version: 2 } as unknown as HeaderModel), 1000)).toThrow('version 1');
  });
});
