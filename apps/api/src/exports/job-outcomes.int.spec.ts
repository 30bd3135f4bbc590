import { type ExportReport, RecordExport, SubmitJob } from '@annal/domain';
import { openPool } from '@annal/platform';
import { CommandBus } from '@nestjs/cqrs';
import { buildInstance } from '../../../../libs/dicom/src/testing/index.js';
import { until } from '../../../../test/support/processes.js';
import type { ErrorName } from '../http/errors/error-codes.js';
import { OrthancError } from '../http/errors/http-errors.js';
import { JobEngine } from '../jobs/job-engine.js';
import { JobHistory } from '../jobs/job-history.js';
import { JobTypes } from '../jobs/job-types.js';
import { startWritingApp, type WritingApp } from '../rest/testing/writing-app.js';
import { JobOutcomes } from './job-outcomes.js';

type Row = Readonly<Record<string, unknown>>;

describe('exports by jobs', () => {
  let app: WritingApp;
  let study: string;
  let failure: ErrorName = 'NetworkProtocol';
  const blocked = Promise.withResolvers<void>();
  const DAY_MS = 24 * 3_600_000;

  beforeAll(async () => {
    app = await startWritingApp({ ConcurrentJobs: 1 });
    app.get(JobTypes).register({
      name: 'Failing',
      step: async () => {
        throw new OrthancError(failure);
      },
    });
    app.get(JobTypes).register({
      name: 'Blocking',
      step: async () => {
        await blocked.promise;
        return { memory: null, content: {}, progress: 1, outputs: {} };
      },
    });
    const file = buildInstance({ patientId: 'P', studyUid: '1.2', seriesUid: '1.2.3', sopUid: '1.2.3.4' });
    const { json } = await app.send('POST', '/instances', file);
    study = (json as Record<string, string>).ParentStudy!;
  });
  afterAll(() => app.close());

  const report = async (): Promise<readonly Row[]> =>
    ((await app.send('GET', '/exports/report')).json as { Exports: Row[] }).Exports;
  const rowsOf = async (id: string): Promise<readonly Row[]> => (await report()).filter((row) => row.Export === id);
  const outcome = async (id: string): Promise<unknown> => (await rowsOf(id))[0]?.Outcome;
  const submit = async (): Promise<string> => {
    const { json } = await app.send('POST', `/studies/${study}/archive`, JSON.stringify({ Asynchronous: true }));
    return (json as { ID: string }).ID;
  };
  const record = (sent: Partial<ExportReport> & { readonly id: string }): Promise<void> =>
    app.get(CommandBus).execute(
      new RecordExport(
        {
          protocol: 'orthanc',
          destination: { kind: 'peer', name: 'b' },
          resources: [study],
          outcome: 'pending',
          ...sent,
        },
        { source: 'test', actor: { protocol: 'http', user: 'alice' }, correlationId: 'c', now: new Date() },
      ),
    );

  const run = async (type: string, id?: string): Promise<void> => {
    const job = { id, type, priority: 1, permissive: false, parameters: {}, content: {} };
    const context = { source: 'test', actor: { protocol: 'http' }, correlationId: 'c', now: new Date() } as const;
    await app.get(CommandBus).execute(new SubmitJob(job, 10, context));
    app.get(JobEngine).wake();
  };

  const state = async (id: string): Promise<unknown> =>
    ((await app.send('GET', `/jobs/${id}`)).json as Row | undefined)?.State;

  it('of archives are recorded when they are asked for, are prepared when the job is done, and each download is one', async () => {
    const id = await submit();
    expect(await rowsOf(id)).toMatchObject([
      { Origin: 'http', Protocol: 'archive', DestinationKind: 'client', ID: study },
    ]);
    await until(async () => (await outcome(id)) === 'prepared');
    const before = (await report()).length;
    for (let time = 0; time < 2; time++) {
      expect((await app.send('GET', `/jobs/${id}/archive`)).status).toBe(200);
    }
    await until(async () => (await report()).slice(before).filter(({ Outcome }) => Outcome === 'success').length === 2);
    expect((await report()).slice(before)).toMatchObject(
      Array.from({ length: 2 }, () => ({ Protocol: 'archive', ID: study, InstancesCount: 1 })),
    );
    expect(await outcome(id)).toBe('prepared');
  });

  it('are aborted with their job', async () => {
    await run('Blocking');
    const id = await submit();
    await app.send('POST', `/jobs/${id}/cancel`);
    blocked.resolve();
    await until(async () => (await outcome(id)) !== 'pending');
    expect(await outcome(id)).toBe('aborted');
  });

  it('have failed where their job did without saying so', async () => {
    const id = '01a2a1d2-1c06-7a9e-b3fb-5f6a7d8c9e10';
    await record({ id });
    await run('Failing', id);
    await until(async () => (await outcome(id)) !== 'pending');
    expect(await rowsOf(id)).toMatchObject([{ Outcome: 'failure', ErrorCode: 9, User: 'alice', ID: study }]);
  });

  it('have failed, or are aborted, before their job is forgotten: nobody would know it afterwards', async () => {
    const deleted = '01a2a1d2-1c06-7a9e-b3fb-5f6a7d8c9e12';
    await record({ id: deleted });
    await run('Failing', deleted);
    await until(async () => (await state(deleted)) === 'Failure');
    expect((await app.send('DELETE', `/jobs/${deleted}`)).status).toBe(200);
    expect(await rowsOf(deleted)).toMatchObject([{ Outcome: 'failure', ErrorCode: 9 }]);
    const forgotten = '01a2a1d2-1c06-7a9e-b3fb-5f6a7d8c9e13';
    await record({ id: forgotten });
    await run('Unknown', forgotten);
    const pool = openPool(app.database, 'test', 1);
    try {
      const limits = { jobs: 0, outputs: 0, expiry: 0, grace: 0 };
      const [commands, types] = [app.get(CommandBus), app.get(JobTypes)];
      const history = new JobHistory(pool, { leads: async () => true } as never, commands, limits, 'test', types);
      await history.forget(forgotten);
      expect([await state(forgotten), await outcome(forgotten)]).toEqual([undefined, 'aborted']);
    } finally {
      await pool.end();
    }
  });

  it('end as their job does the last time it was submitted', async () => {
    const id = '01a2a1d2-1c06-7a9e-b3fb-5f6a7d8c9e14';
    const code = async (): Promise<unknown> => (await rowsOf(id))[0]?.ErrorCode;
    await record({ id });
    await run('Failing', id);
    await until(async () => (await code()) === 9);
    failure = 'InexistentItem';
    expect((await app.send('POST', `/jobs/${id}/resubmit`)).status).toBe(200);
    await until(async () => (await code()) === 7);
    expect(await outcome(id)).toBe('failure');
    failure = 'NetworkProtocol';
  });

  it('that nobody is left to know of are said to be unknown after a day', async () => {
    const id = '01a2a1d2-1c06-7a9e-b3fb-5f6a7d8c9e11';
    await record({ id });
    const outcomes = app.get(JobOutcomes);
    await outcomes.run();
    expect(await outcome(id)).toBe('pending');
    await outcomes.run(new Date(Date.now() + DAY_MS + 1000));
    expect(await outcome(id)).toBe('unknown');
  });
});

describe('exports by jobs that are forgotten as soon as they have ended', () => {
  it('have failed where their job did without saying so', async () => {
    const app = await startWritingApp({ JobsHistorySize: 0 });
    try {
      app.get(JobTypes).register({ name: 'Failing', step: () => Promise.reject(new OrthancError('NetworkProtocol')) });
      const id = '01a2a1d2-1c06-7a9e-b3fb-5f6a7d8c9e15';
      const context = { source: 'test', actor: { protocol: 'http' }, correlationId: 'c', now: new Date() } as const;
      const destination = { kind: 'peer', name: 'b' } as const;
      const report = { id, protocol: 'orthanc', destination, resources: [], outcome: 'pending' } as const;
      await app.get(CommandBus).execute(new RecordExport(report, context));
      const job = { id, type: 'Failing', priority: 1, permissive: false, parameters: {}, content: {} };
      await app.get(CommandBus).execute(new SubmitJob(job, 10, context));
      app.get(JobEngine).wake();
      await until(async () => (await app.send('GET', `/jobs/${id}`)).status === 404);
      const { json } = await app.send('GET', '/exports/report');
      expect((json as { Exports: Row[] }).Exports).toMatchObject([{ Export: id, Outcome: 'failure', ErrorCode: 9 }]);
    } finally {
      await app.close();
    }
  });
});
