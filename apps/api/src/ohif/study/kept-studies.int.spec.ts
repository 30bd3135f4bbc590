import { buildInstance } from '../../../../../libs/dicom/src/testing/index.js';
import { type Answer, startWritingApp, type WritingApp } from '../../rest/testing/writing-app.js';
import { KeptStudies } from './kept-studies.js';

describe('what the viewer reads of a study, kept', () => {
  let writing: WritingApp;
  let told: string[];
  const ids: Record<string, string>[] = [];
  const instance = (number: number): Buffer =>
    buildInstance({
      modality: 'MR',
      sopUid: `1.2.3.${number}`,
      extra: [
        [0x00100020, 'LO', 'P'],
        [0x0020000d, 'UI', '1.2.3'],
        [0x0020000e, 'UI', `1.2.3.${number % 2}.0`],
        [0x00200013, 'IS', String(number)],
      ],
    });
  const send = (method: string, path: string, body?: string | Buffer): Promise<Answer> =>
    writing.send(method, path, body as string);
  const study = (): Promise<Answer> => send('GET', `/studies/${ids[0]!.ParentStudy}/ohif-dicom-json`);
  const uids = async (): Promise<readonly string[]> =>
    [...(await study()).text.matchAll(/"SOPInstanceUID":"([^"]*)"/g)].map(([, uid]) => uid!).sort();

  async function start(options: object = {}): Promise<void> {
    writing = await startWritingApp(options);
    ids.length = 0;
    for (const number of [1, 2, 3]) {
      ids.push((await send('POST', '/instances', instance(number))).json as Record<string, string>);
    }
    // what is handed on is what is made; the rest was ready
    told = [];
    const kept = writing.get(KeptStudies);
    const keeping = kept.keeping.bind(kept);
    kept.keeping = (id, version, pieces) => {
      told.push(version);
      return keeping(id, version, pieces);
    };
  }
  afterEach(() => writing.close());

  it('is made once, and is never older than the study', async () => {
    await start();
    const before = await study();
    expect(before.json).toMatchObject({ studies: [{ PatientID: 'P', NumInstances: 3 }] });
    expect((await study()).text).toBe(before.text);
    // labels, metadata of users and what does not concern it change nothing
    await send('PUT', `/studies/${ids[0]!.ParentStudy}/labels/seen`);
    await send('PUT', `/instances/${ids[0]!.ID}/metadata/1024`, 'noted');
    expect((await study()).text).toBe(before.text);
    expect(told).toHaveLength(1);
    ids.push((await send('POST', '/instances', instance(5))).json as Record<string, string>);
    expect(await uids()).toEqual(['1.2.3.1', '1.2.3.2', '1.2.3.3', '1.2.3.5']);
    await send('DELETE', `/instances/${ids[0]!.ID}`);
    expect(await uids()).toEqual(['1.2.3.2', '1.2.3.3', '1.2.3.5']);
    expect(await uids()).toHaveLength(3);
    expect(told).toHaveLength(3);
    await send('DELETE', `/series/${ids[1]!.ParentSeries}`);
    expect(await uids()).toEqual(['1.2.3.3', '1.2.3.5']);
    await send('POST', `/studies/${ids[0]!.ParentStudy}/reconstruct`, '{}');
    expect(await uids()).toEqual(['1.2.3.3', '1.2.3.5']);
    expect(told).toHaveLength(5);
    await send('DELETE', `/studies/${ids[0]!.ParentStudy}`);
    expect((await study()).status).toBe(404);
    // the same study once more is another version
    await send('POST', '/instances', instance(2));
    expect(await uids()).toEqual(['1.2.3.2']);
  });

  it('is made anew as long as instances lack metadata 4202 that are to be kept', async () => {
    await start({ OHIF: { Preload: false } });
    const path = `/instances/${ids[0]!.ID}/metadata/4202`;
    await study();
    const first = await send('GET', path);
    expect(first.status).toBe(200);
    await study();
    expect(told).toHaveLength(1);
    expect((await send('DELETE', path)).status).toBe(200);
    await study();
    expect((await send('GET', path)).text).toBe(first.text);
    await study();
    expect(told).toHaveLength(2);
  });

  it('takes no more memory than it may', async () => {
    await start({ Annal: { Limits: { ViewerCacheSize: 100 } } });
    expect((await study()).text).toBe((await study()).text);
    expect(told).toHaveLength(2);
  });
});
