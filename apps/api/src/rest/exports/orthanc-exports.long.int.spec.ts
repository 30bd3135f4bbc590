import { startPeerServer } from '../peers/testing/peer-server.js';
import { realOrthanc } from '../../../../../test/support/orthanc.js';
import { sampleFile } from '../../../../../test/support/sample-study.js';
import { startWritingApp } from '../testing/writing-app.js';

/** What is read of the list, `SINCE` being the number of the last row that there was before. */
const READ = [
  '?since=SINCE',
  '?since=SINCE&limit=2',
  '?since=SINCE&limit=6',
  '?since=SINCE&limit=0',
  '?since=SINCE&limit=-5',
  '?limit=1&since=SINCE&to=1',
  '?last',
  '?last=1&since=0',
  '?since=99999999',
  '?since=99999999&limit=0',
];
const PEER = 'annal-test-exports';
const NOT_THERE = '00000000-00000000-00000000-00000000-00000000';

interface List {
  readonly Exports: readonly (Readonly<Record<string, unknown>> & { readonly Seq: number })[];
  readonly First?: number;
  readonly Last: number;
}

describe('exports, as Orthanc lists them', () => {
  it('are the same of the same sends, read in the same ways', async () => {
    const orthanc = await realOrthanc('the comparison of exports with Orthanc', { LogExportedResources: true });
    if (!orthanc) return;
    const annal = await startWritingApp({ LogExportedResources: true });
    const peer = await startPeerServer();
    const { ids, bytes } = sampleFile({ patient: 'Exported', study: 1, series: 1, instance: 1 });
    const urls = [orthanc.url, annal.app.url];
    const both = async (path: string, init?: RequestInit): Promise<readonly Response[]> =>
      Promise.all(urls.map((url) => fetch(url + path, init)));
    const set = async (url: string): Promise<void> => {
      for (const { status } of await both(`/peers/${PEER}`, { method: 'PUT', body: JSON.stringify({ Url: url }) })) {
        expect(status).toBe(200);
      }
    };
    const store = async (body: unknown): Promise<void> => {
      const [theirs, ours] = await both(`/peers/${PEER}/store`, { method: 'POST', body: JSON.stringify(body) });
      expect([body, ours!.status]).toEqual([body, theirs!.status]);
    };
    const last = async (url: string): Promise<number> =>
      ((await (await fetch(`${url}/exports?last`)).json()) as List).Last;
    try {
      await orthanc.store(bytes);
      await annal.send('POST', '/instances', bytes);
      const before = await Promise.all(urls.map(last));
      await set(`${peer.url}/`);
      await store([ids.patient, ids.study, ids.series, ids.instance]);
      if ((await last(orthanc.url)) === before[0]) {
        process.stderr.write('NOT RUN: the comparison of exports needs an Orthanc with LogExportedResources\n');
        return;
      }
      await store([ids.study, ids.study]);
      await store([NOT_THERE]);
      await store(['nonsense']);
      await store({ Resources: [ids.instance], Synchronous: false });
      // nobody listens there, and it is logged all the same
      await set('http://127.0.0.1:9/');
      await store(ids.study);
      await set(`${peer.url}/`);
      await both(`/peers/${PEER}/store-straight`, { method: 'POST', body: bytes });
      for (const url of urls) await (await fetch(`${url}/studies/${ids.study}/archive`)).arrayBuffer();
      for (const path of READ) {
        const answers = urls.map(async (url, index) => {
          const answer = await fetch(`${url}/exports${path.replace('SINCE', String(before[index]))}`);
          const type = answer.headers.get('content-type');
          return { status: answer.status, type, list: from((await answer.json()) as List, before[index]!) };
        });
        const [theirs, ours] = await Promise.all(answers);
        expect([path, ours]).toEqual([path, theirs]);
      }
      for (const method of ['PUT', 'POST']) {
        const [theirs, ours] = await both('/exports', { method, body: '' });
        expect([method, ours!.status]).toEqual([method, theirs!.status]);
      }
    } finally {
      await both(`/peers/${PEER}`, { method: 'DELETE' });
      await fetch(`${orthanc.url}/patients/${ids.patient}`, { method: 'DELETE' });
      await annal.close();
      await peer.close();
    }
  });
});

/** A list whose numbers begin behind those of before, without the times. */
function from({ Exports, ...rest }: List, before: number): unknown {
  const shown = Exports.map(({ Date: date, Seq, ...row }) => ({
    ...row,
    Seq: Seq - before,
    form: /^\d{8}T\d{6}$/.test(String(date)),
  }));
  const numbered = Object.entries(rest).map(([name, value]) => [
    name,
    typeof value === 'number' && value < 99999999 ? value - before : value,
  ]);
  return { Exports: shown, ...(Object.fromEntries(numbered) as object) };
}
