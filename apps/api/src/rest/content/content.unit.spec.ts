import { createHash } from 'node:crypto';
import { type Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { DicomDictionary } from '@annal/dicom';
import {
  type BuilderEntry,
  buildInstance,
  type InstanceDescription,
  TransferSyntax,
} from '../../../../../libs/dicom/src/testing/index.js';
import { storeImage, type StoredImage } from '../../pixels/testing/stored-image.js';
import { ContentService } from './content.service.js';
import { PdfService } from './pdf.service.js';
import { StoredDataSets } from './stored-data-sets.js';

const MIB = 1024 * 1024;
const dictionary = new DicomDictionary();
const JPEG = '1.2.840.10008.1.2.4.50';

function store(file: Buffer): { content: ContentService; pdfs: PdfService; stored: StoredImage } {
  const stored = storeImage(file);
  const dataSets = new StoredDataSets(dictionary, stored.configuration, stored.headers, stored.files);
  const content = new ContentService(dictionary, dataSets);
  return { content, pdfs: new PdfService(content, dataSets), stored };
}

const opened = async (value: Buffer | { size: number; open(): Promise<Readable> }): Promise<Buffer> => {
  if (Buffer.isBuffer(value)) return value;
  const bytes = await buffer(await value.open());
  expect(bytes.length).toBe(value.size);
  return bytes;
};

async function at(content: ContentService, path: string): Promise<readonly string[] | Buffer> {
  const found = await content.at('an-instance', path === '' ? [] : path.split('/'));
  return Array.isArray(found) ? (found as readonly string[]) : opened(found as Buffer);
}

/** A short name of long bytes, as comparing these one by one takes minutes. */
const md5 = (bytes: Buffer | readonly string[]): string => {
  if (!Buffer.isBuffer(bytes)) throw new Error('names, not a value');
  return createHash('md5').update(bytes).digest('hex');
};
const words = (...values: number[]): Buffer => Buffer.from(Uint16Array.from(values).buffer);
const ELEMENTS: readonly BuilderEntry[] = [
  [0x00080005, 'CS', 'ISO_IR 192'],
  [0x00091001, 'UN', Buffer.from([1, 2])],
  [0x00090010, 'LO', 'ACME'],
  [0x00081140, 'SQ', [[[0x00080100, 'SH', 'in']], []]],
  [0x00104000, 'LT', Buffer.from('Zoë    ')],
  [0x00280009, 'AT', [0x00181063]],
  [0x00720074, 'FD', [1.5]],
];
const SYNTAXES = Object.entries(TransferSyntax).filter(([name]) => /Endian/.test(name));

describe('the content of a file', () => {
  it.each(SYNTAXES)('is the same whatever its encoding: %s', async (name, transferSyntax) => {
    const big = /big/i.test(name);
    const pixelBytes = big ? words(1, 2, 3).swap16() : words(1, 2, 3);
    const { content } = store(
      buildInstance({ transferSyntax, extra: ELEMENTS, pixelBytes, trailing: [[0xfffcfffc, 'OB', Buffer.from('xy')]] }),
    );
    const names = (await at(content, '')) as string[];
    expect(names).toEqual([...names].sort());
    expect(names).toEqual(
      expect.arrayContaining(['0008-1140', '0009-0010', '0010-4000', '0028-0009', '7fe0-0010', 'fffc-fffc']),
    );
    expect(await at(content, '0010-4000')).toEqual(Buffer.from('Zoë'));
    expect(await at(content, '0008-1140')).toEqual(['0', '1']);
    expect(await at(content, '0008,1140/0')).toEqual(['0008-0100']);
    expect(await at(content, 'ReferencedImageSequence/0/CodeValue')).toEqual(Buffer.from('in'));
    expect(await at(content, '00280009')).toEqual(Buffer.from([0x18, 0, 0x63, 0x10]));
    expect(await at(content, '0072-0074')).toEqual(Buffer.from(Float64Array.of(1.5).buffer));
    expect(await at(content, '7fe0-0010')).toEqual(['0']);
    expect(await at(content, '7fe0-0010/0')).toEqual(words(1, 2, 3));
    expect(await at(content, 'fffc-fffc')).toEqual(Buffer.from('xy'));
  });

  it('has pixel data by its fragments, the offset table first, and what stands behind them', async () => {
    const fragments = [Buffer.from([0, 0, 0, 0]), Buffer.alloc(70_000, 1), Buffer.alloc(0), Buffer.alloc(6, 3)];
    const { content, stored } = store(
      buildInstance({ transferSyntax: JPEG, fragments, trailing: [[0xfffcfffc, 'OB', Buffer.from('xy')]] }),
    );
    expect(await at(content, '7fe0-0010')).toEqual(['0', '1', '2', '3']);
    for (const [index, fragment] of fragments.entries()) {
      expect(md5(await at(content, `PixelData/${index}`))).toBe(md5(fragment));
    }
    expect(await at(content, 'fffc-fffc')).toEqual(Buffer.from('xy'));
    expect(await at(content, '')).toContain('fffc-fffc');
    for (const none of ['4', '-1', 'x', '0/0', '4294967296']) {
      await expect(at(content, `7fe0-0010/${none}`)).rejects.toMatchObject({ status: 404 });
    }
    expect(Math.max(...stored.reads.map(([start, end]) => end - start))).toBe(70_000);
  });

  it.each([
    ['no tag', 'nope', 500],
    ['no tag, whatever follows', 'nope/x', 500],
    ['nothing', '0099-0099', 404],
    ['no such item', '0008-1140/2', 404],
    ['an item of what is no sequence', '0010-0010/0', 404],
    ['the meta information', '0002-0010', 404],
  ])('answers what leads to %s', async (_what, path, status) => {
    const { content } = store(buildInstance({ extra: ELEMENTS, pixelBytes: 4 }));
    await expect(at(content, path)).rejects.toMatchObject({ status });
  });

  it('takes the first of several elements with a tag', async () => {
    const sequence = (value: string): BuilderEntry => [0x00081140, 'SQ', [[[0x00080100, 'SH', value]]]];
    const file = buildInstance({ trailing: [[0x00404000, 'SH', 'one'], [0x00404000, 'SH', 'two'], sequence('first')] });
    const { content } = store(file);
    expect(await at(content, '0040-4000')).toEqual(Buffer.from('one '));
    expect(((await at(content, '')) as string[]).filter((name) => name === '0040-4000')).toHaveLength(1);
  });
});

describe('long values', () => {
  const table = Buffer.from(Uint16Array.from({ length: 100_001 }, (_, index) => index).buffer);
  const text = `${'text '.repeat(50_000)}${' '.repeat(100_000)}`;
  const large = (description: InstanceDescription = {}): Buffer =>
    buildInstance({
      ...description,
      extra: [
        [0x00281201, 'OW', description.transferSyntax === TransferSyntax.explicitBigEndian ? swapped(table) : table],
        [0x0040a160, 'UT', text],
        [0x00420011, 'OB', Buffer.alloc(300_000, 5)],
        [0x00420012, 'LO', 'application/pdf'],
      ],
      pixelBytes: 4,
    });

  it.each(SYNTAXES)('are sent as they are, without what pads them too much: %s', async (_name, transferSyntax) => {
    const { content } = store(large({ transferSyntax }));
    expect(md5(await at(content, '0028-1201'))).toBe(md5(table));
    const trimmed = text.trimEnd();
    expect(md5(await at(content, '0040-a160'))).toBe(md5(Buffer.from(trimmed + ' '.repeat(trimmed.length % 2))));
    expect(md5(await at(content, '0042-0011'))).toBe(md5(Buffer.alloc(300_000, 5)));
    expect(await at(content, '0042-0012')).toEqual(Buffer.from('application/pdf '));
  });

  it('are not read for the sake of others', async () => {
    const { content, stored } = store(large());
    for (const path of ['', '0010-0010', '0042-0012', '7fe0-0010/0']) await at(content, path);
    expect(stored.reads.reduce((sum, [start, end]) => sum + end - start, 0)).toBeLessThan(10_000);
  });

  it('within a sequence are refused beyond what is read at once', async () => {
    const item: BuilderEntry[] = [[0x00420011, 'OB', Buffer.alloc(65 * MIB)]];
    const { content } = store(buildInstance({ extra: [[0x00081140, 'SQ', [item]]] }));
    expect(await at(content, '')).toContain('0008-1140');
    await expect(at(content, '0008-1140/0/0042-0011')).rejects.toMatchObject({ status: 413 });
  });
});

describe('a PDF in an instance', () => {
  const pdf = (document: string | Buffer, rest: InstanceDescription = {}, mime = 'application/pdf'): PdfService =>
    store(
      buildInstance({
        sopClassUid: '1.2.840.10008.5.1.4.1.1.104.1',
        extra: [
          [0x00420011, 'OB', Buffer.from(document)],
          [0x00420012, 'LO', mime],
        ],
        ...rest,
      }),
    ).pdfs;
  const of = async (pdfs: PdfService): Promise<string> =>
    (await opened(await pdfs.of('an-instance'))).toString('latin1');

  it.each([
    ['%PDF x', '%PDF '],
    ['%PDF\n\0', '%PDF\n'],
    ['%PDF x\n\r', '%PDF x\n\r'],
    ['%PDFx\0\0\0', '%PDFx\0\0'],
    ['', ''],
  ])('%j is given as %j', async (document, given) => {
    expect(await of(pdf(document))).toBe(given);
    const long = 'x'.repeat(200_000);
    if (document !== '') expect(md5(Buffer.from(await of(pdf(long + document))))).toBe(md5(Buffer.from(long + given)));
  });

  it.each([
    ['another class', pdf('%PDF\n', { sopClassUid: '1.2.840.10008.5.1.4.1.1.7' })],
    ['another type', pdf('%PDF\n', {}, 'text/xml')],
    ['no document', pdf('', { extra: [[0x00420012, 'LO', 'application/pdf']] })],
  ])('is not found where there is %s', async (_what, pdfs) => {
    await expect(pdfs.of('an-instance')).rejects.toMatchObject({ status: 404, name: 'BareStatus' });
  });
});

function swapped(bytes: Buffer): Buffer {
  return Buffer.from(bytes).swap16();
}
