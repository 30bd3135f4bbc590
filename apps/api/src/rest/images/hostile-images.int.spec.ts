import { dicomFile, type DicomJsonAttribute, type DicomJsonDataSet } from '@annal/dicomweb';
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
  ])('are refused %s', async (_what, more, expected) => {
    expect(await statuses(more)).toEqual(expected);
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
