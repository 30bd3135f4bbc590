import { type Orthanc, realOrthanc } from '../../../../../test/support/orthanc.js';
import { sampleFile } from '../../../../../test/support/sample-study.js';
import { startWritingApp, type WritingApp } from '../testing/writing-app.js';

/** A request; `AT` in its path stands for the attachments of an instance. */
type Asked = readonly [method: string, path: string, body?: string, headers?: Record<string, string>];

const VALUES = ['', '/data', '/compressed-data', '/size', '/compressed-size', '/md5', '/compressed-md5', '/info'];
const RANGES = [
  'bytes=-',
  'bytes=-0',
  'bytes=2-',
  'bytes=1-2',
  'bytes=0-99',
  'bytes=99-',
  'bytes=a-1',
  'bytes=1',
  'x=1-2',
];
const NAMES = ['dicom', '1', '2000', '2001', '3', '1023', '65536', '-5', 'nope', '2147483648', '02000'];
const ASKED: readonly Asked[] = [
  ['PUT', 'AT/2000', 'hello'],
  ['PUT', 'AT/2001', ''],
  ...NAMES.flatMap((name) => VALUES.map((what): Asked => ['GET', `AT/${name}${what}`])),
  ...RANGES.map((Range): Asked => ['GET', 'AT/2000/data', undefined, { Range }]),
  ...['"0-abc"', 'abc', '*'].map((tag): Asked => ['GET', 'AT/2000', undefined, { 'If-None-Match': tag }]),
  ...['"0-abc"', 'abc', '*'].map((tag): Asked => ['PUT', 'AT/2000', 'x', { 'If-Match': tag }]),
  ...NAMES.filter((name) => !name.endsWith('2000')).map((name): Asked => ['PUT', `AT/${name}`, 'other']),
  ...['compress', 'uncompress', 'verify-md5'].map((what): Asked => ['POST', `AT/2000/${what}`]),
  ...NAMES.map((name): Asked => ['DELETE', `AT/${name}`]),
  ['GET', 'AT'],
  ['GET', 'AT?full'],
  ['GET', '/instances/nope/attachments'],
  ['PUT', '/instances/nope/attachments/2000', 'x'],
  ['POST', '/instances/nope/reconstruct'],
  ['POST', '/tools/reconstruct', '{"ReconstructFiles":1}'],
  ['POST', '/tools/reconstruct', 'no JSON'],
  ['POST', '/tools/invalidate-tags'],
];

describe('attachments, as Orthanc has them', () => {
  it('answer the same', async () => {
    const orthanc = await realOrthanc('the comparison of attachments with Orthanc');
    if (!orthanc) return;
    const writing: WritingApp = await startWritingApp();
    const { ids, bytes } = sampleFile({ patient: 'Attached', study: 1, series: 1, instance: 1 });
    try {
      await orthanc.store(bytes);
      await writing.send('POST', '/instances', bytes);
      for (const [method, path, body, headers] of ASKED) {
        const request = { method, body: body ?? null, headers: headers ?? {} };
        const place = path.replace(/^AT/, `/instances/${ids.instance}/attachments`);
        const [theirs, ours] = await Promise.all([
          answer(orthanc.url + place, request),
          answer(writing.app.url + place, request),
        ]);
        expect([method, path, headers, ours]).toEqual([method, path, headers, theirs]);
      }
    } finally {
      await writing.close();
      await leave(orthanc, ids.patient);
    }
  });
});

async function answer(url: string, request: RequestInit): Promise<unknown> {
  const response = await fetch(url, request);
  const text = (await response.text()).replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'UUID');
  const type = response.headers.get('content-type');
  const shown = { status: response.status, range: response.status === 206 && response.headers.get('content-range') };
  // spaces in JSON are Orthanc's own
  return {
    ...shown,
    type,
    body: type?.includes('json') || text.startsWith('{') ? (JSON.parse(text) as unknown) : text,
  };
}

/** Takes away what was stored in a server that is not the test's own. */
async function leave(orthanc: Orthanc, patient: string): Promise<void> {
  await fetch(`${orthanc.url}/patients/${patient}`, { method: 'DELETE' });
  await orthanc.stop();
}
