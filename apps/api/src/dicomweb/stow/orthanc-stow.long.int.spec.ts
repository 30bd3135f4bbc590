import { type Orthanc, realOrthanc } from '../../../../../test/support/orthanc.js';
import { sampleFile } from '../../../../../test/support/sample-study.js';
import { startWritingApp, type WritingApp } from '../../rest/testing/writing-app.js';
import { stowBody, stowType, type StowPart } from '../testing/stow-body.js';

const orthanc = await realOrthanc('the comparison of STOW-RS');
const file = (patient: string, instance: number): ReturnType<typeof sampleFile> =>
  sampleFile({ patient: `STOW ${patient}`, study: 1, series: 1, instance }, 2000);

(orthanc ? describe : describe.skip)('STOW-RS beside the real plugin', () => {
  const real = orthanc as Orthanc;
  let writing: WritingApp;
  beforeAll(async () => {
    writing = await startWritingApp({ Annal: { DicomWebDelete: true } });
  });
  afterAll(async () => {
    await fetch(`${real.url}/dicom-web/servers/annal`, { method: 'DELETE' });
    await writing.close();
    await real.stop();
  });
  const ask = async (path: string, body: object): Promise<unknown> => {
    const answer = await fetch(real.url + path, { method: 'POST', body: JSON.stringify(body) });
    expect(answer.status).toBe(200);
    return answer.json();
  };

  it.each<[string, string, readonly StowPart[]]>([
    ['instances of two studies', '/studies', [file('A', 1).bytes, file('B', 1).bytes]],
    ['the same again', '/studies', [file('A', 1).bytes]],
    ['what is no DICOM file', '/studies', [Buffer.from('no DICOM'), file('A', 2).bytes]],
    ['nothing else', '/studies/', [Buffer.from('no DICOM')]],
    ['no parts', '/studies', []],
    ['instances of another study', '/studies/1.2.3', [file('A', 1).bytes, file('A', 3).bytes]],
    ['both faults', '/studies/1.2.3', [file('A', 1).bytes, Buffer.from('no DICOM')]],
  ])('answers %s alike', async (_what, path, parts) => {
    for (const Accept of ['application/dicom+json', '*/*']) {
      const answers = [real.url, writing.app.url].map(async (url) => {
        const headers = { 'Content-Type': stowType(), Accept };
        const answer = await fetch(`${url}/dicom-web${path}`, {
          method: 'POST',
          body: new Uint8Array(stowBody(parts)),
          headers,
        });
        const json = JSON.parse((await answer.text()).replaceAll(url, '')) as unknown;
        // errors of the real one have two types
        const [type] = answer.headers.get('content-type')!.split(',');
        return [answer.status, type, json];
      });
      const [expected, own] = await Promise.all(answers);
      expect(own).toEqual(expected);
    }
  });

  it('takes what an Orthanc sends, byte by byte, and deletes what it wants deleted', async () => {
    const files = [1, 2, 3, 4, 5].map((instance) => file('C', instance));
    for (const { bytes } of files) await real.store(bytes);
    const server = { Url: `${writing.app.url}/dicom-web/`, HasDelete: true };
    const put = await fetch(`${real.url}/dicom-web/servers/annal`, { method: 'PUT', body: JSON.stringify(server) });
    expect(put.status).toBe(200);
    await ask('/dicom-web/servers/annal/stow', { Resources: [files[0]!.ids.study] });
    for (const { ids, bytes } of files) {
      expect((await writing.send('GET', `/instances/${ids.instance}/file`)).bytes.equals(bytes)).toBe(true);
    }
    const { json } = await writing.send('GET', `/studies/${files[0]!.ids.study}`);
    const { StudyInstanceUID } = (json as { MainDicomTags: Record<string, string> }).MainDicomTags;
    await ask('/dicom-web/servers/annal/delete', { Level: 'Study', StudyInstanceUID });
    expect((await writing.send('GET', `/studies/${files[0]!.ids.study}`)).status).toBe(404);
  });
});
