import fc from 'fast-check';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { constants, deflateRawSync } from 'node:zlib';
import { buildDicom, buildInstance, type BuilderEntry, TransferSyntax } from '../testing/dicom-builder.js';
import { elementHeader, type Encoding } from '../testing/element-writer.js';
import { SMALL_DICTIONARY as lookup } from '../testing/small-dictionary.js';
import { splitValues, textOf } from '../values/text.js';
import { type DataSet } from '../dataset.js';
import { DicomFormatError } from './errors.js';
import { tokenize, type TokenizeOptions } from './tokenize.js';

const EXPLICIT: Encoding = { explicit: true, littleEndian: true, text: 'latin1' };
const MEGABYTE = 1024 * 1024;
const ITEM = 0xfffee000;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** The code of the error, or `ok`: anything else than a result or a typed error fails the test. */
function outcome(source: Buffer, options: Partial<TokenizeOptions> = {}): string {
  try {
    const file = tokenize(source, { lookup, ...options });
    readAll(file.dataset);
    return 'ok';
  } catch (error) {
    if (error instanceof DicomFormatError) return error.code;
    throw error;
  }
}

/** Every text of a data set can be stored in a database. */
function readAll(dataset: DataSet): void {
  for (const element of dataset.elements) {
    if (element.items) element.items.forEach(readAll);
    else
      for (const value of splitValues(textOf(element, dataset, 'Latin1'), element.vr))
        expect(value).not.toContain('\0');
  }
}

/** How much memory the work needs beyond what there was, in bytes. */
function growth(work: () => void): number {
  const before = process.memoryUsage();
  work();
  const after = process.memoryUsage();
  return after.heapUsed - before.heapUsed + (after.arrayBuffers - before.arrayBuffers);
}

/** How much memory a result takes while it is held, in bytes. */
function held(work: () => object): number {
  collectGarbage();
  const before = process.memoryUsage().heapUsed;
  const result = work();
  collectGarbage();
  const after = process.memoryUsage().heapUsed;
  expect(result).toBeDefined();
  return after - before;
}

const nested = (depth: number, transferSyntax: string): Buffer => {
  const explicit = transferSyntax === TransferSyntax.explicitLittleEndian;
  const encoding = { ...EXPLICIT, explicit };
  const level = Buffer.concat([
    elementHeader(0x00081140, 'SQ', 0xffffffff, encoding),
    elementHeader(ITEM, '', 0xffffffff, encoding),
  ]);
  const close = Buffer.concat([elementHeader(0xfffee00d, '', 0, encoding), elementHeader(0xfffee0dd, '', 0, encoding)]);
  const start = buildDicom({ transferSyntax, elements: [] });
  return Buffer.concat([start, ...Array<Buffer>(depth).fill(level), ...Array<Buffer>(depth).fill(close)]);
};

const FILES = [
  buildInstance({
    pixelBytes: 64,
    extra: [{ tag: 0x00081140, vr: 'SQ', undefinedLength: true, items: [[[0x00081150, 'UI', '1.2']], []] }],
  }),
  buildInstance({ transferSyntax: TransferSyntax.implicitLittleEndian, pixelBytes: 64 }),
  buildInstance({ transferSyntax: TransferSyntax.explicitBigEndian, characterSet: '\\ISO 2022 IR 87', pixelBytes: 64 }),
  buildInstance({
    transferSyntax: TransferSyntax.rle,
    fragments: [Buffer.alloc(0), Buffer.alloc(20), Buffer.alloc(6)],
  }),
  buildInstance({ transferSyntax: TransferSyntax.deflatedLittleEndian, pixelBytes: 64 }),
];

describe('hostile and damaged files', () => {
  it('are read or refused when cut at any byte; a cut between two top-level elements leaves a whole file', () => {
    for (const source of FILES) {
      const { dataset, meta, pixelData, transferSyntaxUid } = tokenize(source, { lookup });
      const deflated = transferSyntaxUid === TransferSyntax.deflatedLittleEndian;
      const boundaries = new Set(
        [...meta.elements, ...(deflated ? [] : [...dataset.elements, pixelData])].map((each) => each?.offset),
      );
      for (const { items, valueOffset } of dataset.elements) if (items) boundaries.add(valueOffset);
      const lastMeta = meta.elements.at(-1);
      if (lastMeta) boundaries.add(lastMeta.valueOffset + lastMeta.length);
      for (let length = meta.elements.at(-1)?.offset ?? 0; length < source.length; length++) {
        const code = outcome(source.subarray(0, length));
        if (boundaries.has(length)) expect(code).toBe('ok');
        else if (pixelData?.fragments && length >= pixelData.valueOffset) expect(['ok', 'truncated']).toContain(code);
        else expect({ length, code }).not.toEqual({ length, code: 'ok' });
        const part = outcome(source.subarray(0, length), { totalLength: source.length });
        expect(['ok', 'header-incomplete']).toContain(part);
      }
      expect(outcome(source)).toBe('ok');
    }
  });

  it('are refused when the pixel data ends too early', () => {
    for (const source of FILES) expect(outcome(source.subarray(0, -1))).toBe('truncated');
    const [native = Buffer.alloc(0)] = FILES;
    expect(outcome(native.subarray(0, -10), { totalLength: native.length - 1 })).toBe('truncated');
  });

  it('are read or refused with any bytes changed', () => {
    const damaged = fc.tuple(
      fc.constantFrom(...FILES),
      fc.array(fc.tuple(fc.nat({ max: 900 }), fc.nat({ max: 255 })), { minLength: 1, maxLength: 8 }),
    );
    fc.assert(
      fc.property(damaged, ([file, changes]) => {
        const source = Buffer.from(file);
        for (const [at, byte] of changes) source[132 + (at % (source.length - 132))] = byte;
        outcome(source);
        outcome(source.subarray(0, source.length >> 1), { totalLength: source.length });
      }),
      { numRuns: 2000 },
    );
  });

  it('are read or refused when they are random', () => {
    const bytes = fc.uint8Array({ minLength: 0, maxLength: 600 });
    fc.assert(
      fc.property(bytes, (random) => void outcome(Buffer.from(random))),
      { numRuns: 1000 },
    );
  });

  it.each([TransferSyntax.explicitLittleEndian, TransferSyntax.implicitLittleEndian])(
    'are refused beyond the depth limit, whatever the depth (%s)',
    (transferSyntax) => {
      expect(outcome(nested(128, transferSyntax))).toBe('ok');
      expect(outcome(nested(129, transferSyntax))).toBe('limit-depth');
      expect(outcome(nested(100_000, transferSyntax))).toBe('limit-depth');
      const limits = { maxDepth: 1_000_000 };
      expect(tokenize(nested(100_000, transferSyntax), { lookup, limits }).dataset.elements).toHaveLength(1);
    },
  );

  it('are refused beyond the element limit, in little memory', () => {
    const element = elementHeader(0x00081030, 'LO', 0, EXPLICIT);
    const item = elementHeader(ITEM, '', 0, EXPLICIT);
    const start = buildDicom({ elements: [] });
    const many = (each: Buffer, count: number): Buffer => Buffer.concat(Array<Buffer>(count).fill(each));
    const flat = (count: number): Buffer => Buffer.concat([start, many(element, count)]);
    const items = (count: number): Buffer =>
      Buffer.concat([start, elementHeader(0x00081140, 'SQ', 8 * count, EXPLICIT), many(item, count)]);
    for (const build of [flat, items]) {
      expect(outcome(build(1_000_000))).toBe('limit-elements');
      const largest = build(399_900);
      expect(held(() => tokenize(largest, { lookup }))).toBeLessThan(64 * MEGABYTE);
    }
  });

  it('are read in time linear in their size, whatever is in their texts', () => {
    const spaces = Buffer.concat([Buffer.alloc(2 * MEGABYTE, ' \0'), Buffer.from('ab')]);
    const terms = Buffer.alloc(60_000, '\\');
    const texts = Array.from({ length: 5000 }, () => [0x00081030, 'LO', Buffer.from([0xe9, 0x20])] as const);
    const elements: BuilderEntry[] = [[0x00080005, 'CS', terms], [0x00080006, 'UC', spaces], ...texts];
    // Quadratic work would run into the time limit of the test
    expect(outcome(buildDicom({ elements }))).toBe('ok');
    expect(
      outcome(
        buildDicom({ transferSyntax: TransferSyntax.implicitLittleEndian, elements: [[0x00080005, 'CS', spaces]] }),
      ),
    ).toBe('ok');
  });

  it('are refused when a value is declared longer than the file or the limit', () => {
    const huge = buildDicom({ elements: [{ tag: 0x00400275, vr: 'UT', value: 'abcd', declaredLength: 0xfffffff0 }] });
    expect(outcome(huge)).toBe('truncated');
    expect(outcome(huge, { totalLength: 2 ** 33 })).toBe('limit-value-length');
    const pixels = buildDicom({
      elements: [{ tag: 0x7fe00010, vr: 'OW', value: Buffer.alloc(10), declaredLength: 0xfffffff0 }],
    });
    expect(outcome(pixels)).toBe('truncated');
    const inItem = buildDicom({
      elements: [
        [0x00081140, 'SQ', [[{ tag: 0x00081150, vr: 'UI', value: '1.2', declaredLength: 20 }]]],
        [0x00100010, 'PN', 'A long enough name'],
      ],
    });
    expect(outcome(inItem)).toBe('structure');
  });

  it('are refused when they inflate beyond the limits, in little memory', () => {
    const bomb = Buffer.concat([
      buildDicom({ transferSyntax: TransferSyntax.deflatedLittleEndian, elements: [] }).subarray(0, -2),
      ...Array<Buffer>(400).fill(deflateRawSync(Buffer.alloc(MEGABYTE), { finishFlush: constants.Z_SYNC_FLUSH })),
    ]);
    expect(growth(() => expect(outcome(bomb)).toBe('limit-inflated-size'))).toBeLessThan(64 * MEGABYTE);
    const [, , , , small = Buffer.alloc(0)] = FILES;
    expect(outcome(small, { limits: { maxInflatedSize: 100 } })).toBe('limit-inflated-size');
  });

  it.each([
    ['an item at the top level', '00feff00e000000000'],
    ['a sequence delimiter at the top level', '00feffdde000000000'],
    ['an element in the place of an item', '0008004011535100000c00000008005011554904003132333400'],
    ['text of undefined length', '0008003010555400 00ffffffff'],
    ['a representation of control bytes', '000800301000000400 61626364'],
    ['zeros after the end', '000000000000000000'],
  ])('are refused for %s', (_name, hex) => {
    const source = Buffer.concat([
      buildDicom({ elements: [] }),
      Buffer.from(hex.replaceAll(' ', ''), 'hex').subarray(1),
    ]);
    expect(['structure', 'truncated']).toContain(outcome(source));
  });

  it('have errors that never show what is in them', () => {
    const source = buildInstance({
      patientName: 'Secret^Person',
      extra: [{ tag: 0x00400275, vr: 'UT', value: 'Secret', declaredLength: 999 }],
    });
    expect(() => tokenize(source, { lookup })).toThrow(/^The DICOM file is truncated$/);
    expect(outcome(Buffer.alloc(0))).toBe('empty');
  });
});
