import { sampleFile } from '../../../../../test/support/sample-study.js';
import { startWritingApp, type WritingApp } from '../../rest/testing/writing-app.js';

const at = (series: number, instance: number): Buffer => sampleFile({ patient: 'P', study: 1, series, instance }).bytes;

describe('DELETE of DICOMweb resources', () => {
  let writing: WritingApp;
  let study: string;
  afterEach(() => writing.close());
  const start = async (options: object): Promise<void> => {
    writing = await startWritingApp(options);
    for (const file of [at(1, 1), at(1, 2), at(2, 1)]) await writing.send('POST', '/instances', file);
    const [found] = (await writing.send('GET', '/studies?expand')).json as [{ MainDicomTags: Record<string, string> }];
    study = found.MainDicomTags.StudyInstanceUID!;
  };
  const count = async (collection: string): Promise<number> =>
    ((await writing.send('GET', `/${collection}`)).json as unknown[]).length;
  const remove = async (path: string): Promise<number> => (await writing.send('DELETE', path)).status;

  it("is not allowed by default, as by Orthanc's plugin", async () => {
    await start({});
    const answer = await writing.send('DELETE', `/dicom-web/studies/${study}`);
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, expect.stringContaining('POST')]);
    expect(await count('instances')).toBe(3);
  });

  it('deletes what the UIDs name, and nothing else', async () => {
    await start({ Annal: { DicomWebDelete: true } });
    const root = `/dicom-web/studies/${study}`;
    expect(await remove(`${root}/series/${study}.1/instances/${study}.1.2`)).toBe(204);
    expect(await remove(`${root}/series/${study}.1/instances/${study}.1.2`)).toBe(404);
    expect(await remove(`${root}/series/${study}.2/instances/${study}.1.1`)).toBe(404);
    expect([await count('series'), await count('instances')]).toEqual([2, 2]);
    expect(await remove(`${root}/series/${study}.1/`)).toBe(204);
    expect([await count('series'), await count('instances')]).toEqual([1, 1]);
    expect(await remove('/dicom-web/studies/1.2.3')).toBe(404);
    expect(await remove(`${root}/`)).toBe(204);
    expect(await count('patients')).toBe(0);
  });
});
