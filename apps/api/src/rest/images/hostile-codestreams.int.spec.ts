import { encodeFrame } from '@annal/dicom';
import { buildImage, testFrame, type TestImage } from '../../../../../libs/dicom/src/testing/index.js';
import { startWritingApp, type WritingApp } from '../testing/writing-app.js';

const BASE = '1.2.840.10008.1.2.4';
const RLE = '1.2.840.10008.1.2.5';
const [ROWS, COLUMNS] = [32, 48];

describe('compressed frames that are not what their data set says', () => {
  let writing: WritingApp;
  let count = 0;
  beforeAll(async () => {
    writing = await startWritingApp();
  });
  afterAll(() => writing.close());

  /** The statuses of the frame as it is stored, as an array, as pictures, and of the file uncompressed. */
  async function statuses(image: TestImage, frame: Buffer): Promise<readonly number[]> {
    const sopUid = `1.2.8.${++count}`;
    const file = buildImage({
      ...image,
      studyUid: '1.2.5',
      seriesUid: '1.2.6',
      sopUid,
      fragments: [Buffer.alloc(0), frame],
    });
    const { ID } = (await writing.send('POST', '/instances', file as never)).json as { ID: string };
    const paths = ['frames/0/raw', 'numpy', 'preview', 'file?transcode=1.2.840.10008.1.2.1'];
    const web = `/dicom-web/studies/1.2.5/series/1.2.6/instances/${sopUid}/rendered`;
    const urls = [...paths.map((path) => `/instances/${ID}/${path}`), web];
    return Promise.all(urls.map(async (url) => (await writing.send('GET', url)).status));
  }

  it.each([RLE, `${BASE}.70`, `${BASE}.80`, `${BASE}.90`, `${BASE}.201`])(
    'are refused in %s, and the next ones shown',
    async (transferSyntax) => {
      const form = { rows: ROWS, columns: COLUMNS, bitsAllocated: 16, bitsStored: 12 };
      const { bytes } = await encodeFrame(testFrame(form), transferSyntax, 90);
      const right = { ...form, transferSyntax };
      // nothing but their lengths tells of RLE frames that they have other dimensions
      const smaller = transferSyntax === RLE ? [] : [{ rows: 31 }, { columns: 1 }, { rows: COLUMNS, columns: ROWS }];
      for (const lie of [{ rows: 4000 }, { columns: 65535 }, { samples: 3 }, { bitsAllocated: 32 }, ...smaller]) {
        const answers = await statuses({ ...right, ...lie }, bytes);
        const kept = 'bitsAllocated' in lie && transferSyntax !== RLE;
        expect([lie, answers]).toEqual([lie, kept ? [200, 200, 200, 200, 200] : [200, 400, 415, 404, 400]]);
      }
      expect(await statuses({ ...right, rows: 65535, columns: 65535 }, bytes)).toEqual([200, 413, 413, 413, 413]);
      for (const length of [2, 64, Math.floor(bytes.length / 4) * 2]) {
        expect(await statuses(right, bytes.subarray(0, length))).toEqual([200, 400, 415, 404, 400]);
      }
      expect(await statuses(right, bytes)).toEqual([200, 200, 200, 200, 200]);
    },
  );
});
