import { buildInstance } from '../../../../../libs/dicom/src/testing/instance-builder.js';
import { startWritingApp, type WritingApp } from '../testing/writing-app.js';

/** Of an instance: how many its file says that there are, and its own number. */
type Said = readonly [expected: number | undefined, number: number | undefined];

describe('whether instances of a series are missing', () => {
  let annal: WritingApp;
  let series = 0;
  beforeAll(async () => {
    annal = await startWritingApp();
  });
  afterAll(() => annal.close());

  async function upload(instances: readonly Said[]): Promise<string> {
    series++;
    let path = '';
    for (const [index, [expected, number]] of instances.entries()) {
      const file = buildInstance({
        seriesUid: `1.2.${series}`,
        sopUid: `1.2.${series}.${index + 1}`,
        extra: [
          [0x00200013, 'IS', number === undefined ? '' : String(number)],
          ...(expected === undefined ? [] : ([[0x00181090, 'IS', String(expected)]] as const)),
        ],
      });
      const { json } = await annal.send('POST', '/instances', file);
      path = `/series/${(json as { ParentSeries: string }).ParentSeries}`;
    }
    return path;
  }

  it.each<[status: string, expected: number | null, instances: readonly Said[]]>([
    ['Unknown', null, [[undefined, 1]]],
    ['Missing', 2, [[2, 1]]],
    [
      'Complete',
      2,
      [
        [2, 1],
        [2, 2],
      ],
    ],
    [
      'Inconsistent',
      2,
      [
        [2, 1],
        [2, 3],
      ],
    ],
    [
      'Inconsistent',
      2,
      [
        [2, 1],
        [2, 1],
      ],
    ],
    [
      'Unknown',
      2,
      [
        [2, 1],
        [2, undefined],
      ],
    ],
  ])('is told by what they say of themselves: %s', async (status, expected, instances) => {
    const path = await upload(instances);
    const { json } = await annal.send('GET', path);
    expect(json).toMatchObject({ Status: status, ExpectedNumberOfInstances: expected });
    const metadata = await annal.send('GET', `${path}/metadata/ExpectedNumberOfInstances`);
    expect([metadata.status, metadata.text]).toEqual(expected === null ? [404, ''] : [200, String(expected)]);
  });
});
