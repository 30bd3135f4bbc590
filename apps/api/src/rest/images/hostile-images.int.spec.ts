import { dicomFile, type DicomJsonAttribute, type DicomJsonDataSet } from '@annal/dicomweb';
import sharp from 'sharp';
import { startWritingApp, type WritingApp } from '../testing/writing-app.js';

const us = (...Value: readonly number[]): DicomJsonAttribute => ({ vr: 'US', Value });
const ds = (value: string): DicomJsonAttribute => ({ vr: 'DS', Value: [value] });
const [ROWS, COLUMNS, FRAMES, CENTER, WIDTH] = ['00280010', '00280011', '00280008', '00281050', '00281051'];

/** 4 x 4 pixels of 16 bits, with what stands in for some of it. */
const image = (number: number, more: DicomJsonDataSet): Buffer => {
  const dataset: DicomJsonDataSet = {
    '00080016': { vr: 'UI', Value: ['1.2.840.10008.5.1.4.1.1.7'] },
    '00080018': { vr: 'UI', Value: [`1.2.3.1.${number}`] },
    '0020000D': { vr: 'UI', Value: ['1.2.3'] },
    '0020000E': { vr: 'UI', Value: ['1.2.3.1'] },
    '00280002': us(1),
    '00280004': { vr: 'CS', Value: ['MONOCHROME2'] },
    [ROWS]: us(4),
    [COLUMNS]: us(4),
    '00280100': us(16),
    '00280101': us(16),
    '00280102': us(15),
    '00280103': us(0),
    '7FE00010': { vr: 'OW', InlineBinary: Buffer.alloc(32, 1).toString('base64') },
    ...more,
  };
  return Buffer.concat(dicomFile(dataset, () => undefined) as readonly Buffer[]);
};

describe('images that lie', () => {
  let writing: WritingApp;
  let count = 0;
  beforeAll(async () => {
    writing = await startWritingApp();
  });
  afterAll(() => writing.close());

  const statuses = async (more: DicomJsonDataSet, queries: readonly string[] = ['']): Promise<readonly number[]> => {
    const number = ++count;
    const { ID } = (await writing.send('POST', '/instances', image(number, more) as never)).json as { ID: string };
    const web = `/dicom-web/studies/1.2.3/series/1.2.3.1/instances/1.2.3.1.${number}`;
    const paths = queries.flatMap((query) =>
      query === ''
        ? ['preview', 'rendered', 'frames/0/raw', 'numpy']
            .map((path) => `/instances/${ID}/${path}`)
            .concat(`${web}/rendered`)
        : query.startsWith('v') || query.startsWith('window=')
          ? [`${web}/rendered?${query}`]
          : [`/instances/${ID}/rendered?${query}`],
    );
    return Promise.all(paths.map(async (path) => (await writing.send('GET', path)).status));
  };

  it.each<[string, DicomJsonDataSet, readonly number[]]>([
    ['without rows', { [ROWS]: us(0) }, [415, 415, 500, 500, 400]],
    ['without columns', { [COLUMNS]: us(0) }, [415, 415, 500, 500, 400]],
    ['whose rows are of another kind', { [ROWS]: { vr: 'UL', Value: [65540] } }, [415, 415, 500, 500, 400]],
    ['of 8 GiB', { [ROWS]: us(65535), [COLUMNS]: us(65535) }, [413, 413, 400, 413, 413]],
    ['of a negative number of frames', { [FRAMES]: { vr: 'IS', Value: [-3] } }, [415, 415, 500, 500, 400]],
    ['of 2,147,483,647 frames', { [FRAMES]: { vr: 'IS', Value: [2147483647] } }, [415, 415, 400, 400, 400]],
    ['that store no bits', { '00280101': us(0) }, [415, 415, 500, 500, 400]],
    ['that store more bits than there are', { '00280101': us(17) }, [415, 415, 500, 500, 400]],
    ['of no allocated bits', { '00280100': us(0) }, [415, 415, 500, 500, 400]],
    ['of 12 allocated bits', { '00280100': us(12), '00280101': us(12) }, [415, 415, 500, 500, 400]],
    ['of 65,535 allocated bits', { '00280100': us(65535) }, [415, 415, 500, 500, 400]],
    ['whose high bit is none', { '00280102': us(65535) }, [415, 415, 500, 500, 400]],
    ['whose high bit is too low', { '00280102': us(3) }, [415, 415, 500, 500, 400]],
    ['of no samples', { '00280002': us(0) }, [415, 415, 500, 500, 400]],
    ['of 65,535 samples', { '00280002': us(65535) }, [415, 415, 500, 500, 400]],
    ['of more samples than there are', { '00280002': us(3) }, [415, 415, 400, 400, 400]],
    ['of more rows than there are', { [ROWS]: us(5) }, [415, 415, 400, 400, 400]],
    ['of three frames, of which one is there', { [FRAMES]: { vr: 'IS', Value: [3] } }, [415, 415, 400, 400, 400]],
  ])('are refused %s', async (_what, more, expected) => {
    expect(await statuses(more)).toEqual(expected);
  });

  describe('through a palette', () => {
    const PIXELS = Uint16Array.from({ length: 16 }, (_, index) => index * 4369);
    const palette = (descriptor: readonly number[], entries: number): DicomJsonDataSet => ({
      '00280004': { vr: 'CS', Value: ['PALETTE COLOR'] },
      ...Object.fromEntries(['1', '2', '3'].map((last) => [`0028110${last}`, us(...descriptor)])),
      ...Object.fromEntries(
        ['1', '2', '3'].map((last) => [
          `0028120${last}`,
          { vr: 'OW', InlineBinary: Buffer.alloc(2 * entries, Number(last)).toString('base64') },
        ]),
      ),
      '7FE00010': { vr: 'OW', InlineBinary: Buffer.from(PIXELS.buffer).toString('base64') },
    });

    it.each<[string, DicomJsonDataSet]>([
      ['beyond its last entry', palette([4, 0, 16], 4)],
      ['before its first one', palette([4, 65535, 16], 4)],
      ['of one entry', palette([1, 7, 8], 1)],
    ])('are shown where their values lie %s, in its colours alone', async (_what, more) => {
      expect(await statuses(more)).toEqual([200, 200, 200, 200, 200]);
      const path = `/dicom-web/studies/1.2.3/series/1.2.3.1/instances/1.2.3.1.${count}/rendered`;
      const { bytes } = await writing.send('GET', path, undefined, { Accept: 'image/png' });
      const { data } = await sharp(bytes).removeAlpha().raw().toBuffer({ resolveWithObject: true });
      expect([...new Set(data)]).toEqual([1, 2, 3]);
    });

    it.each<[string, DicomJsonDataSet]>([
      ['is shorter than it says', palette([5, 0, 16], 4)],
      ['has 65,536 entries, of which none is there', palette([0, 0, 16], 0)],
    ])('are refused where it %s', async (_what, more) => {
      expect(await statuses(more)).toEqual([415, 415, 200, 500, 400]);
    });
  });

  it.each<[string, string, readonly number[]]>([
    ['as they are', 'RGB', [200, 200, 200, 200, 200]],
    ['of luminance and chrominance', 'YBR_FULL_422', [200, 200, 200, 200, 200]],
    ...['HSV', 'CMYK', 'YBR_PARTIAL_422', 'YBR_PARTIAL_420', 'YBR_RCT', 'YBR_ICT'].map(
      (model): [string, string, readonly number[]] => ['that nothing converts', model, [415, 415, 200, 500, 400]],
    ),
  ])('of colours %s, %s, are shown so or not at all', async (_what, model, expected) => {
    const colours = {
      '00280002': us(3),
      '00280004': { vr: 'CS', Value: [model] },
      '00280006': us(0),
      '7FE00010': { vr: 'OW', InlineBinary: Buffer.alloc(96, 1).toString('base64') },
    };
    expect(await statuses(colours)).toEqual(expected);
  });

  it.each(['0', '-5', 'NaN', '1e400', ''])('are shown with a window of width %j', async (width) => {
    expect(await statuses({ [CENTER]: ds('5'), [WIDTH]: ds(width) })).toEqual([200, 200, 200, 200, 200]);
  });

  it('are shown with a slope and an intercept that are no numbers', async () => {
    expect(await statuses({ '00281052': ds('NaN'), '00281053': ds('inf') })).toEqual([200, 200, 200, 200, 200]);
  });

  it('are not made larger than allowed, nor of sizes and windows that are none', async () => {
    const tooLarge = ['width=65535&height=65535', 'height=1000000', 'viewport=65535,65535'];
    expect(await statuses({}, tooLarge)).toEqual([413, 413, 413]);
    const none = ['viewport=0,0', 'viewport=-1,5', 'viewport=NaN,1', 'viewport=1e9,1e9', 'viewport=1'];
    none.push(`viewport=${'1,'.repeat(3000)}`, 'window=1,NaN,linear', 'window=5,1e400,linear', 'window=1,1,x');
    expect(new Set(await statuses({}, none))).toEqual(new Set([400]));
    const shown = [
      'window=0,0,linear',
      'window=5,-1,linear',
      'viewport=10,10,0,0,99999,99999',
      'window-width=0',
      'width=0',
    ];
    expect(new Set(await statuses({}, shown))).toEqual(new Set([200]));
  });
});
