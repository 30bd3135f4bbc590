import { encodeFrame } from '@annal/dicom';
import { buildImage, openImage, testFrame } from '../../../../../libs/dicom/src/testing/index.js';
import { ImageApp } from '../../rest/images/testing/image-app.js';
import { receivedParts } from './testing/parts.js';

const EXPLICIT = '1.2.840.10008.1.2.1';
const RLE = '1.2.840.10008.1.2.5';
const JPEG_LS = '1.2.840.10008.1.2.4.80';
const LIMITS = { MaxFrameSize: 512, MaxTranscodedSize: 1024 };

/** A compressed file. */
async function compressed(side: number, frames: number): Promise<Buffer> {
  const { bytes } = await encodeFrame(testFrame({ rows: side, columns: side }), RLE, 90);
  const fragments = [Buffer.alloc(0), ...Array.from({ length: frames }, () => bytes)];
  return buildImage({ rows: side, columns: side, frames, transferSyntax: RLE, fragments });
}

describe('DICOM files by WADO-RS of images beyond a limit', () => {
  let app: ImageApp;
  beforeAll(async () => {
    const empty = { fragments: [Buffer.alloc(0), Buffer.alloc(64)], transferSyntax: RLE };
    app = await ImageApp.start(
      [
        { name: '1.0', series: '1', image: await compressed(16, 4) },
        { name: '1.1', series: '1', image: await compressed(32, 1) },
        { name: '2.0', series: '2', image: await compressed(16, 1) },
        { name: '2.1', series: '2', image: await compressed(16, 5) },
        { name: '3.0', series: '3', image: await compressed(16, 1) },
        { name: '3.1', series: '3', image: buildImage({ rows: 0x4000, columns: 0x4000, frames: 16, ...empty }) },
      ],
      LIMITS,
    );
  });
  afterAll(() => app.close());

  const get = (path: string, accept?: string, method = 'GET'): Promise<Response> =>
    fetch(`${app.url}/dicom-web/studies/1.1/series/1.2.${path}`, { method, headers: accept ? { accept } : {} });
  const named = (syntax: string): string => `multipart/related; type="application/dicom"; transfer-syntax=${syntax}`;

  it.each(['1', '2', '3'])('come as they are stored where no transfer syntax is named: series %s', async (series) => {
    const answer = await get(series);
    const parts = receivedParts(answer.headers.get('content-type'), Buffer.from(await answer.arrayBuffer()));
    expect(parts.map(({ body }) => openImage(body).model.syntax)).toEqual([EXPLICIT, RLE]);
  });

  it.each([
    ['1', JPEG_LS, 'A frame of more than 512 bytes'],
    ['1', EXPLICIT, 'A frame of more than 512 bytes'],
    ['2', JPEG_LS, 'Frames of more than 1024 bytes together'],
    ['2', EXPLICIT, 'Frames of more than 1024 bytes together'],
  ])('are refused before anything of series %s is sent in %s', async (series, syntax, details) => {
    for (const path of [series, `${series}/instances/1.3.${series}.1`]) {
      const answer = await get(path, named(syntax));
      expect([answer.status, await answer.json()]).toEqual([413, expect.objectContaining({ Details: details })]);
      expect((await get(path, named(syntax), 'HEAD')).status).toBe(413);
    }
  });

  it('are passed over where there is no room for them uncompressed', async () => {
    expect((await get('3', named(EXPLICIT))).status).toBe(400);
    const answer = await get('3', `${named(EXPLICIT)}, ${named('*')}`);
    const parts = receivedParts(answer.headers.get('content-type'), Buffer.from(await answer.arrayBuffer()));
    expect(parts.map(({ body }) => openImage(body).model.syntax)).toEqual([RLE, RLE]);
  });
});
