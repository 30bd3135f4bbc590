import { jest } from '@jest/globals';
import { until } from '../../../../test/support/processes.js';
import { ImageApp } from '../rest/images/testing/image-app.js';
import { FrameTranscoder } from './frame-threads.js';
import { TranscodeService } from './transcode.service.js';

const RLE = '1.2.840.10008.1.2.5';
/** More than can be compressed before a closed connection is noticed. */
const FRAMES = 100_000;
const NAMED = `transfer-syntax=${RLE}`;
const SERIES = '/dicom-web/studies/1.1/series/1.2.1';

describe('putting a file into another transfer syntax for a client that hangs up', () => {
  let app: ImageApp;
  beforeAll(async () => {
    const image = { rows: 1, columns: 1, frames: FRAMES, pixelBytes: Buffer.alloc(FRAMES) };
    const images = ['1', '2'].map((name) => ({ name, series: '1', image: { sopUid: `1.3.${name}`, ...image } }));
    app = await ImageApp.start(images);
  });
  afterAll(() => app.close());
  afterEach(() => jest.restoreAllMocks());

  it.each([
    ['/file', () => `/instances/${app.id('1')}/file?transcode=${RLE}`],
    ['an archive', () => `/series/${app.id('series 1')}/archive?transcode=${RLE}`],
    ['a medium', () => `/series/${app.id('series 1')}/media?transcode=${RLE}`],
    ['WADO-RS, of a series', () => SERIES, `multipart/related; type="application/dicom"; ${NAMED}`],
    ['WADO-RS, of an instance', () => `${SERIES}/instances/1.3.1`, `application/dicom; ${NAMED}`],
    ['WADO-RS, as an archive', () => SERIES, `application/zip; ${NAMED}`],
    ['WADO-URI', () => `/wado?requestType=WADO&objectUID=1.3.1&contentType=application/dicom&transferSyntax=${RLE}`],
  ])('ends: %s', async (_what, path, accept = '*/*') => {
    const made = jest.spyOn(TranscodeService.prototype, 'transcode');
    const frames = jest.spyOn(FrameTranscoder.prototype, 'transcode');
    const hangUp = new AbortController();
    const answer = fetch(app.url + path(), { headers: { accept }, signal: hangUp.signal });
    await until(() => frames.mock.calls.length > 0);
    hangUp.abort();
    await expect(answer).rejects.toThrow();
    await expect(made.mock.results[0]!.value).rejects.toMatchObject({ status: 499 });
    expect(frames.mock.calls.length).toBeLessThan(FRAMES);
  });
});
