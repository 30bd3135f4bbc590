import { SubmitJob } from '@annal/domain';
import { CommandBus } from '@nestjs/cqrs';
import { buildInstance } from '../../../../libs/dicom/src/testing/index.js';
import { until } from '../../../../test/support/processes.js';
import { JobTypes } from '../jobs/job-types.js';
import { startWritingApp, type WritingApp } from '../rest/testing/writing-app.js';

type Row = Readonly<Record<string, unknown>>;

describe('what a job was to send that is refused, as too many are waiting,', () => {
  let app: WritingApp;
  let instance: string;
  const blocked = Promise.withResolvers<void>();

  beforeAll(async () => {
    app = await startWritingApp({
      OrthancPeers: { other: ['http://127.0.0.1:9/'] },
      DicomWeb: { Servers: { other: ['http://127.0.0.1:9/dicom-web/'] } },
      Annal: { Limits: { MaxQueuedJobs: 1 } },
    });
    app.get(JobTypes).register({
      name: 'Blocking',
      step: async () => {
        await blocked.promise;
        return { memory: null, content: {}, progress: 1, outputs: {} };
      },
    });
    const { json } = await app.send('POST', '/instances', buildInstance({ patientId: 'P', studyUid: '1.2' }));
    instance = (json as Record<string, string>).ID!;
    const job = { type: 'Blocking', priority: 1, permissive: false, parameters: {}, content: {} };
    const context = { source: 'test', actor: { protocol: 'http' }, correlationId: 'c', now: new Date() } as const;
    await app.get(CommandBus).execute(new SubmitJob(job, 1, context));
  });
  afterAll(async () => {
    blocked.resolve();
    await app.close();
  });

  it.each([
    ['orthanc', 'peer', '/peers/other/store'],
    ['stow-rs', 'dicomweb', '/dicom-web/servers/other/stow'],
    ['archive', 'client', '/tools/create-archive'],
  ])('has failed, by %s', async (protocol, kind, path) => {
    const body = JSON.stringify({ Resources: [instance], Asynchronous: true });
    expect((await app.send('POST', path, body)).status).toBe(503);
    let rows: readonly Row[] = [];
    await until(async () => {
      const { json } = await app.send('GET', '/exports/report');
      rows = (json as { Exports: Row[] }).Exports.filter(({ Protocol }) => Protocol === protocol);
      return rows.some(({ Outcome }) => Outcome !== 'pending');
    });
    expect(rows).toMatchObject([{ DestinationKind: kind, ID: instance, Outcome: 'failure' }]);
  });
});
