import { BadMetadata } from '@annal/dicomweb';
import { testConfiguration } from '../../../http/testing/test-app.js';
import { BeyondLimit } from '../../../intake/intake-errors.js';
import { BulkParts } from './bulk-parts.js';
import { errorOf, FileMaker, ON_THE_SPOT } from './file-maker.js';
import type { MetadataDocument, MetadataForm } from './made-files.js';

const instance = (number: number, more: object = {}): object => ({
  '00080016': { vr: 'UI', Value: ['1.2.840.10008.5.1.4.1.1.7'] },
  '00080018': { vr: 'UI', Value: [`1.2.3.${number}`] },
  ...more,
});
const documentOf = (text: string, form: MetadataForm = 'json'): MetadataDocument => {
  // memory of its own, as it goes to a thread
  const bytes = Buffer.allocUnsafeSlow(Buffer.byteLength(text));
  bytes.write(text);
  return { form, bytes };
};
const padding = ' '.repeat(ON_THE_SPOT);

describe('the maker of files', () => {
  const makers: FileMaker[] = [];
  const makerWith = (Limits: object = {}): FileMaker => {
    const maker = new FileMaker(testConfiguration({ Annal: { Limits } }));
    makers.push(maker);
    return maker;
  };
  afterAll(() => Promise.all(makers.map((maker) => maker.onApplicationShutdown())));

  it('lets the event loop turn while large metadata are parsed, and does small ones on the spot', async () => {
    const maker = makerWith();
    for (const [text, turns] of [
      ['[]', false],
      [`[]${padding}`, true],
    ] as const) {
      let turned = false;
      setImmediate(() => (turned = true));
      await maker.make(documentOf(text), new BulkParts());
      expect(turned).toBe(turns);
    }
  });

  it('makes the same in a thread', async () => {
    const maker = makerWith();
    const bulk = new BulkParts();
    bulk.add('a', 'application/octet-stream', 7, 4);
    bulk.add('b', 'image/jpeg; transfer-syntax=1.2.840.10008.1.2.4.50', 11, 3);
    bulk.add('c', 'image/bmp', 0, 7);
    const pixels = (uri: string): object => ({ '7FE00010': { vr: 'OB', BulkDataURI: uri } });
    const text = JSON.stringify([
      instance(1, { '00104000': { vr: 'LT', Value: ['größer'] } }),
      'nothing',
      instance(2, pixels('a')),
      instance(3, pixels('b')),
      instance(4, pixels('c')),
      instance(5, pixels('d')),
    ]);
    const here = await maker.make(documentOf(text), bulk);
    const there = await maker.make(documentOf(text + padding), bulk);
    expect(there.files).toEqual(here.files);
    expect(Buffer.from(there.bytes).equals(here.bytes)).toBe(true);
    expect(here.files.map((file) => ('failure' in file ? file.failure : file.length))).toEqual([
      1,
      'bad',
      2,
      3,
      'unsupported',
      'bad',
    ]);
    expect(here.files[2]).toContainEqual({ start: 7, size: 4 });
    const lost = here.files[5] as Parameters<typeof errorOf>[0];
    expect(errorOf(lost, 1)).toMatchObject({ bulkData: true, claimed: { sopInstanceUid: '1.2.3.5' } });
  });

  it.each<[string, MetadataForm, string]>([
    ['JSON that is none', 'json', '[{]'],
    ['XML that is none', 'xml', '<NativeDicomModel></a>'],
    ['XML with names without end', 'xml', `<NativeDicomModel ${'a'.repeat(2 * ON_THE_SPOT)}`],
    ['bytes that are no text', 'json', '\0'],
  ])('says so of %s', async (_what, form, text) => {
    const document = documentOf(text + padding, form);
    if (text === '\0') document.bytes[0] = 0xff;
    const { files } = await makerWith().make(document, new BulkParts());
    expect(files.map((file) => errorOf(file as Parameters<typeof errorOf>[0], 1))).toEqual([expect.any(BadMetadata)]);
  });

  it('ends what takes too long, and goes on', async () => {
    const many = `[${'{},'.repeat(300_000)}{}]`;
    await expect(makerWith({ ParseTimeout: 0.001 }).make(documentOf(many), new BulkParts())).rejects.toThrow(
      BeyondLimit,
    );
    const maker = makerWith({ MaxJsonDepth: 3 });
    const { files } = await maker.make(documentOf(`[[[[]]]]${padding}`), new BulkParts());
    expect(files).toEqual([{ failure: 'depth' }]);
    expect(errorOf({ failure: 'depth' }, 3)).toMatchObject({ status: 413 });
  });
});
