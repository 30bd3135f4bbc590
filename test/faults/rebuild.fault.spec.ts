import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expectExactly } from '../support/archive-checks.js';
import { ArchiveServer } from '../support/archive-server.js';
import { asClients, uploadAll } from '../support/clients.js';
import { hold, query } from '../support/database.js';
import { until } from '../support/processes.js';
import { dumpLiveReadModels } from '../support/read-model-dump.js';
import { sampleFiles } from '../support/sample-study.js';
import { zipContents } from '../support/zip-contents.js';

const LAUNCHER = join(import.meta.dirname, '../../bin/annal');
/** What is known of jobs is kept. */
const KEPT = 100;

describe('annal rebuild beside a running server', () => {
  let server: ArchiveServer;
  const before = sampleFiles('B', { patients: 2, studies: 2, series: 2, instances: 10 });
  const during = sampleFiles('D', { patients: 2, studies: 2, series: 2, instances: 30 });
  const doomed = sampleFiles('X', { patients: 1, studies: 20, series: 1, instances: 2 });

  beforeAll(async () => {
    server = await ArchiveServer.start({
      embedded: true,
      configuration: { StableAge: 3600, JobsHistorySize: KEPT, MediaArchiveSize: KEPT },
    });
    await uploadAll(server, [...before, ...doomed], 6);
  });
  afterAll(() => server.close());

  const rebuild = (): Promise<{ stdout: string }> =>
    promisify(execFile)(LAUNCHER, ['rebuild', server.configurationFile], { env: { ...process.env, NODE_OPTIONS: '' } });

  /** Has a job make an archive of what was there before; resolves with the job's identifier. */
  const order = async (study: string): Promise<string> => {
    const answer = await server.fetch(`/studies/${study}/archive`, { method: 'POST', body: '{"Asynchronous":true}' });
    return ((await answer.json()) as { ID: string }).ID;
  };
  const studies = [...new Set(before.map(({ ids }) => ids.study))];

  it('loses nothing of what is uploaded, deleted, archived and read meanwhile, and tells what the live one told', async () => {
    let running = true;
    const reading = (async (): Promise<Set<number>> => {
      const statuses = new Set<number>();
      while (running) {
        for (const path of [
          '/studies?expand',
          '/instances?limit=5&since=3&expand',
          '/statistics',
          '/changes?limit=20',
        ]) {
          const response = await server.fetch(path);
          await response.text();
          statuses.add(response.status);
        }
      }
      return statuses;
    })();
    const writing = uploadAll(server, during, 3);
    const deleting = asClients(1, [...new Set(doomed.map(({ ids }) => ids.study))], (id) =>
      server.fetch(`/studies/${id}`, { method: 'DELETE' }).then(({ status }) => status),
    );
    const archiving = (async (): Promise<Map<string, string>> => {
      const ordered = new Map<string, string>();
      for (let turn = 0; running && ordered.size < KEPT; turn++) {
        const study = studies[turn % studies.length]!;
        const id = await order(study);
        ordered.set(id, study);
        await until(async () => (await server.json<{ State: string }>(`/jobs/${id}`)).State === 'Success');
      }
      return ordered;
    })();
    const { stdout } = await rebuild();
    await rebuild();
    await writing;
    expect(new Set(await deleting)).toEqual(new Set([200]));
    running = false;
    expect(await reading).toEqual(new Set([200]));
    expect(stdout).toMatch(/Rebuilt from \d+ events/);
    const ordered = await archiving;
    expect((await server.json<string[]>('/jobs')).sort()).toEqual([...ordered.keys()].sort());
    for (const [id, study] of ordered) {
      const archive = await zipContents(await (await server.fetch(`/jobs/${id}/archive`)).bytes());
      expect(archive.size).toBe(before.filter(({ ids }) => ids.study === study).length);
    }
    await expectExactly(server, [...before, ...during]);
    // how a download ended is told behind it
    await until(async () => {
      const { Exports } = await server.json<{ Exports: unknown[] }>('/exports/report?outcome=pending');
      return Exports.length === 0;
    });

    const live = await dumpLiveReadModels(server);
    await rebuild();
    expect(await dumpLiveReadModels(server)).toEqual(live);
  });

  it('that is killed half-way leaves the server as it is', async () => {
    const live = await dumpLiveReadModels(server);
    // one of these is what it locks before it replaces anything: it cannot be done before it is killed
    const release = await hold(
      server,
      'SELECT 1 FROM annal_log.position FOR UPDATE; SELECT 1 FROM annal_index.folded_position FOR UPDATE',
    );
    try {
      const child = spawn(LAUNCHER, ['rebuild', server.configurationFile], {
        env: { ...process.env, NODE_OPTIONS: '' },
      });
      const exited = once(child, 'exit');
      await until(async () => {
        const [row] = await query<{ there: boolean }>(
          server,
          `SELECT to_regclass('annal_index_rebuild.folded_position') IS NOT NULL AS there`,
        );
        return row!.there;
      });
      child.kill('SIGKILL');
      expect(await exited).toEqual([null, 'SIGKILL']);
    } finally {
      await release();
    }
    expect(await dumpLiveReadModels(server)).toEqual(live);
    await rebuild();
    expect(await dumpLiveReadModels(server)).toEqual(live);
  });
});
