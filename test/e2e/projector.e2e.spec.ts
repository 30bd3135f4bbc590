import { readFile } from 'node:fs/promises';
import { KafkaPartition } from '../../libs/platform/src/kafka/kafka-partition.js';
import type { ArchiveServer } from '../support/archive-server.js';
import { query } from '../support/database.js';
import { describeWithKafka } from '../support/kafka/describe-with-kafka.js';
import { type KafkaArchive, startKafkaArchive } from '../support/kafka/kafka-archive.js';
import { ProjectorServer } from '../support/kafka/projector-server.js';
import { until } from '../support/processes.js';
import { runAnnal } from '../support/run-annal.js';
import { sampleFile } from '../support/sample-study.js';

let next = 0;
const file = (): ReturnType<typeof sampleFile> => sampleFile({ patient: 'P', study: 1, series: 1, instance: ++next });

describeWithKafka('A projector as a process of its own', (kafka) => {
  let archive: KafkaArchive;
  let server: ArchiveServer;
  const projectors: ProjectorServer[] = [];

  beforeAll(async () => {
    // an upload may wait for two things that happen within 30 s each
    const Annal = { Roles: ['api'], Limits: { VisibilityTimeout: 90 } };
    archive = await startKafkaArchive(kafka, undefined, { StableAge: 1, Annal });
    ({ server } = archive);
  });
  afterAll(() => archive?.close());
  afterEach(async () => {
    for (const projector of projectors.splice(0)) {
      projector.signal('SIGCONT');
      await projector.end('SIGKILL');
    }
  });

  const start = async (more?: object): Promise<ProjectorServer> => {
    const projector = await ProjectorServer.start(server, more);
    projectors.push(projector);
    return projector;
  };
  const expectFolding = async (): Promise<void> => {
    const { bytes, ids } = file();
    expect((await server.upload(bytes)).status).toBe(200);
    expect((await server.fetch(`/instances/${ids.instance}`)).status).toBe(200);
  };

  it('folds what servers write, and says how it is', async () => {
    const projector = await start();
    await projector.is('folding');
    await expectFolding();
    expect(await projector.readiness()).toEqual({
      Checks: { Database: true, Fold: true, Log: true, Schema: true },
      FoldedOffset: expect.any(Number) as number,
      Lag: 0,
      Parked: 0,
      State: 'folding',
      Status: 'ready',
    });
    expect(await (await projector.fetch('/health/live')).json()).toEqual({ Status: 'live' });
    const metrics = await (await projector.fetch('/tools/metrics-prometheus?x=y')).text();
    expect(metrics).toMatch(/^annal_projector_state\{state="folding"\} 1 \d+$/m);
    expect(metrics).toMatch(/^annal_projector_state\{state="standby"\} 0 \d+$/m);
    expect(metrics).toMatch(/^annal_fold_lag_events 0 \d+$/m);
    expect(metrics).toMatch(/^annal_folded_events \d+ \d+$/m);
    for (const [path, method, status] of [
      ['/instances', 'GET', 404],
      ['/', 'GET', 404],
      ['/health/ready', 'POST', 405],
      ['/health/ready', 'HEAD', 200],
    ] as const) {
      expect((await projector.fetch(path, { method })).status).toBe(status);
    }
  });

  it('lets nobody but probes in without a password, where servers do not', async () => {
    const projector = await start({ AuthenticationEnabled: true, RegisteredUsers: { alice: 'secret' } });
    expect((await projector.fetch('/health/live')).status).toBe(200);
    await projector.is('folding');
    for (const path of ['/tools/metrics-prometheus', '/instances']) {
      const answer = await projector.fetch(path);
      expect([answer.status, await answer.text()]).toEqual([401, '']);
    }
    const headers = { Authorization: `Basic ${Buffer.from('alice:secret').toString('base64')}` };
    expect((await projector.fetch('/tools/metrics-prometheus', { headers })).status).toBe(200);
  });

  it('looks after the archive: what is left alone becomes stable', async () => {
    await start();
    await expectFolding();
    await until(async () => {
      const series = await server.json<{ IsStable: boolean }[]>('/series?expand');
      return series.every(({ IsStable }) => IsStable);
    });
  });

  it.each(['SIGTERM', 'SIGINT'] as const)('leaves its place to another one at once on %s', async (signal) => {
    const first = await start();
    await first.is('folding');
    const second = await start();
    expect(await second.readiness()).toMatchObject({ State: 'standby', Status: 'ready' });
    const uploading = expectFolding();
    expect(await first.end(signal)).toBe(0);
    await uploading;
    await second.is('folding');
    await expectFolding();
    expect(await second.end(signal)).toBe(0);
    expect(await query(server, 'SELECT name FROM annal_ops.leases')).toEqual([]);
  });

  it('is followed by another one when it is killed', async () => {
    const first = await start();
    await first.is('folding');
    const second = await start();
    await first.end('SIGKILL');
    await expectFolding();
    expect((await second.readiness()).State).toBe('folding');
  });

  it('is followed by another one while it is stopped, and stands by when it goes on', async () => {
    const first = await start();
    await first.is('folding');
    const second = await start();
    const uploading = Promise.all(Array.from({ length: 20 }, expectFolding));
    first.signal('SIGSTOP');
    await uploading;
    expect((await second.readiness()).State).toBe('folding');
    first.signal('SIGCONT');
    await first.is('standby');
    await expectFolding();
    expect((await second.readiness()).State).toBe('folding');
  });

  it('makes read models of another release anew when it starts', async () => {
    const before = await start();
    await expectFolding();
    await before.end();
    const [{ version } = { version: 0 }] = await query<{ version: number }>(
      server,
      'SELECT version FROM folded_position',
    );
    await query(server, 'UPDATE folded_position SET version = version - 1');
    await query(server, 'DELETE FROM series');
    expect((await server.fetch('/health/ready')).status).toBe(503);
    const after = await start();
    await after.is('folding');
    expect(await query(server, 'SELECT version FROM folded_position')).toEqual([{ version }]);
    expect((await server.json<string[]>('/series')).length).toBe(1);
    await expectFolding();
  });

  it('and the servers are not ready while it stands in front of an event that it cannot fold', async () => {
    const projector = await start();
    await projector.is('folding');
    const { Annal } = JSON.parse(await readFile(server.configurationFile, 'utf8')) as {
      Annal: { EventLog: { Topic: string } };
    };
    const connection = { brokers: kafka.brokers, clientId: 'test', requestTimeout: 10_000 };
    const topic = new KafkaPartition(connection, Annal.EventLog.Topic);
    const offset = await topic.send([{ key: null, value: Buffer.from('x'), headers: {} }], 10_000);
    await topic.close();

    await projector.is('parked');
    expect((await projector.fetch('/health/ready')).status).toBe(503);
    expect(await projector.readiness()).toMatchObject({ Parked: 1, Checks: { Fold: false }, Status: 'not ready' });
    expect(await (await projector.fetch('/tools/metrics-prometheus')).text()).toMatch(
      /^annal_projector_state\{state="parked"\} 1 \d+$/m,
    );
    const answer = await server.fetch('/health/ready');
    const said = (await answer.json()) as { Lag: number };
    expect([answer.status, said]).toMatchObject([503, { Checks: { Fold: false } }]);
    // what was stored before may have become stable meanwhile, which is behind it
    expect(said.Lag).toBeGreaterThanOrEqual(1);
    // one that stands by could take over at any time
    const standby = await start();
    expect(await standby.readiness()).toMatchObject({ State: 'standby', Status: 'ready' });

    expect((await runAnnal('events', 'skip', String(offset), '--reason', 'x', server.configurationFile)).code).toBe(0);
    await projector.is('folding');
    await until(async () => (await server.fetch('/health/ready')).ok);
    await expectFolding();
  });

  it('is missed by the servers, which are not ready once nothing is folded for some seconds', async () => {
    const projector = await start();
    await expectFolding();
    await projector.end();
    expect((await server.fetch('/health/ready')).status).toBe(200);
    const uploading = server.upload(file().bytes);
    await until(async () => {
      const answer = await server.fetch('/health/ready');
      const { Checks } = (await answer.json()) as { Checks: { Fold: boolean } };
      return answer.status === 503 && !Checks.Fold;
    });
    await start();
    expect((await uploading).status).toBe(200);
    await until(async () => (await server.fetch('/health/ready')).ok);
  });
});
