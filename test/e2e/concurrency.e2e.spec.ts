import { allChanges, expectConsistent, expectExactly, orphanBlobs } from '../support/archive-checks.js';
import { ArchiveServer } from '../support/archive-server.js';
import { asClients, uploadAll } from '../support/clients.js';
import { query } from '../support/database.js';
import { sampleFile, sampleFiles } from '../support/sample-study.js';
import { buildZip } from '../support/zip-builder.js';

interface ChangesPage {
  readonly Changes: readonly { readonly Seq: number; readonly ChangeType: string; readonly ID: string }[];
  readonly Done: boolean;
  readonly Last: number;
}

describe('many clients at once', () => {
  let server: ArchiveServer;
  beforeEach(async () => {
    server = await ArchiveServer.start({ configuration: { StableAge: 3600, Annal: { Workers: 2 } } });
  });
  afterEach(() => server.close());

  const remove = async (path: string): Promise<{ status: number; ancestor: unknown }> => {
    const response = await server.fetch(path, { method: 'DELETE' });
    const text = await response.text();
    const { RemainingAncestor } = (text.startsWith('{') ? JSON.parse(text) : {}) as { RemainingAncestor?: unknown };
    return { status: response.status, ancestor: RemainingAncestor };
  };

  it('uploading the same study, each five times over: every instance is kept once', async () => {
    const study = sampleFiles('S', { patients: 1, studies: 1, series: 2, instances: 5 });
    const uploads = Array.from({ length: 20 }, () => Array.from({ length: 5 }, () => study).flat());
    const answers = await asClients(20, uploads, (files) => uploadAll(server, files, 1));
    const statuses = answers.flat().map(({ ID, Status }) => `${ID} ${Status}`);
    for (const { ids } of study) {
      expect(statuses.filter((text) => text === `${ids.instance} Success`)).toHaveLength(1);
      expect(statuses.filter((text) => text === `${ids.instance} AlreadyStored`)).toHaveLength(99);
    }
    await expectExactly(server, study);
    expect(await allChanges(server)).toHaveLength(10 + 2 + 1 + 1);
    expect(await orphanBlobs(server)).toEqual([]);
  });

  it('uploading the same instances with other bytes: the first wins, whole', async () => {
    const places = Array.from({ length: 8 }, (_, i) => ({ patient: 'V', study: 1, series: 1, instance: i + 1 }));
    const versions = places.flatMap((place) => Array.from({ length: 6 }, (_, i) => sampleFile(place, 512 + 2 * i)));
    const answers = await asClients(12, versions, async (file) => (await server.upload(file.bytes)).body.Status);
    const winners = versions.filter((_, i) => answers[i] === 'Success');
    expect(answers.filter((status) => status === 'AlreadyStored')).toHaveLength(versions.length - places.length);
    await expectExactly(server, winners);
  });

  it('uploading archives, broken ones too, beside single files: no file gets into the way of another', async () => {
    const files = sampleFiles('A', { patients: 4, studies: 2, series: 2, instances: 10 });
    const single = files.slice(0, files.length / 2);
    const archives = Array.from({ length: 8 }, (_, i) => {
      const part = files.slice(single.length + i * 10, single.length + i * 10 + 10);
      return buildZip(part.map(({ bytes }, index) => ({ name: `${index}`, content: bytes })));
    });
    const broken = archives.map((archive) => archive.subarray(0, archive.length - 30));
    const posting = asClients(4, [...archives, ...broken], async (archive) => {
      const response = await server.fetch('/instances', { method: 'POST', body: new Uint8Array(archive) });
      await response.arrayBuffer();
      return response.status;
    });
    await uploadAll(server, single, 4);
    expect(await posting).toEqual([...archives.map(() => 200), ...broken.map(() => 400)]);
    await expectExactly(server, files);
  });

  it('uploading and deleting the same study: what is there in the end is whole', async () => {
    const files = sampleFiles('U', { patients: 1, studies: 1, series: 2, instances: 4 });
    const study = files[0]!.ids.study;
    let uploading = true;
    const deleting = asClients(2, [0, 1], async () => {
      const statuses = new Set<number>();
      while (uploading) statuses.add((await remove(`/studies/${study}`)).status);
      return [...statuses];
    });
    for (let round = 0; round < 6; round++) await uploadAll(server, files, 6);
    uploading = false;
    for (const statuses of await deleting) for (const status of statuses) expect([200, 404]).toContain(status);
    const [deletions] = await query<{ rows: number }>(
      server,
      `SELECT count(*) AS rows FROM change_feed WHERE type = 8 AND level = 3`,
    );
    expect(deletions!.rows).toBeGreaterThan(0);
    await expectConsistent(server, files);
    await uploadAll(server, files, 6);
    await expectExactly(server, files);
    await remove(`/studies/${study}`);
    await expectExactly(server, []);
    expect(await orphanBlobs(server)).toEqual([]);
  });

  it('deleting the last children, at each level: one of them takes each ancestor along', async () => {
    const files = sampleFiles('C', { patients: 1, studies: 2, series: 2, instances: 4 });
    const deleted = 1 + 2 + 4 + 16;
    for (const [round, collection] of ['instances', 'series', 'studies', 'patients'].entries()) {
      await uploadAll(server, files, 6);
      const ids = await server.json<string[]>(`/${collection}`);
      // every resource by three clients, all at once
      const answers = await asClients(12, [...ids, ...ids, ...ids], (id) => remove(`/${collection}/${id}`));
      const removed = answers.filter(({ status }) => status === 200);
      expect(removed).toHaveLength(ids.length);
      expect(removed.filter(({ ancestor }) => ancestor === null)).toHaveLength(1);
      expect(answers.filter(({ status }) => status === 404)).toHaveLength(2 * ids.length);
      await expectExactly(server, []);
      const [gone] = await query<{ rows: number; ids: number }>(
        server,
        'SELECT count(*) AS rows, count(DISTINCT resource_id) AS ids FROM change_feed WHERE type = 8',
      );
      expect(gone).toEqual({ rows: (round + 1) * deleted, ids: deleted });
    }
  });

  it('writing beside one that polls /changes: it misses no Seq and sees none twice', async () => {
    const files = sampleFiles('W', { patients: 8, studies: 2, series: 2, instances: 6 });
    let writing = true;
    const seen: ChangesPage['Changes'][number][] = [];
    const polling = (async () => {
      for (let since = 0, done = false; !done;) {
        // only a page that was asked for after the last write can be the last one
        const written = !writing;
        const page = await server.json<ChangesPage>(`/changes?since=${since}&limit=7`);
        expect(page.Changes.length).toBeLessThanOrEqual(7);
        expect(page.Last).toBe(page.Changes.at(-1)?.Seq ?? since);
        expect(page.Done || page.Changes.length === 7).toBe(true);
        seen.push(...page.Changes);
        since = page.Last;
        done = written && page.Done;
      }
    })();
    await uploadAll(server, files, 8);
    writing = false;
    await polling;
    const total = files.length + 8 * (4 + 2 + 1);
    expect(seen.map(({ Seq }) => Seq)).toEqual(Array.from({ length: total }, (_, i) => i + 1));
    expect(new Set(seen.map(({ ChangeType, ID }) => `${ChangeType} ${ID}`)).size).toBe(total);
    await expectExactly(server, files);
  });
});
