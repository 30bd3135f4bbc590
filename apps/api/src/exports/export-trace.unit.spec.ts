import { AppendRefused, AppendUnknown, NotYetVisible, type RecordExport } from '@annal/domain';
import { testConfiguration } from '../http/testing/test-app.js';
import { Arrivals, type ArrivedBefore } from './arrivals.js';
import { ExportTrace } from './export-trace.js';

const SENT = { protocol: 'orthanc', destination: { kind: 'peer', name: 'p' } } as const;

const DONE = { memory: null, content: {}, progress: 0.5 };

describe('the end of what a job sent', () => {
  const ended = (failure: Error): Promise<void> => {
    const commands = { execute: () => Promise.reject(failure) };
    const trace = new ExportTrace(testConfiguration(), {} as never, commands as never, {} as never);
    return trace.jobEnded('j', SENT, { outcome: 'success', instances: 1, failed: 0 });
  };

  it('is recorded once it is in the log, so that the step does not send all of it again', async () => {
    await expect(ended(new NotYetVisible([]))).resolves.toBeUndefined();
  });

  it('is not where the log does not take it', async () => {
    await expect(ended(new AppendRefused('full'))).rejects.toThrow('full');
  });
});

describe('what a job was to send whose submission failed', () => {
  const outcomes = async (failure: Error): Promise<unknown[]> => {
    const outcomes: unknown[] = [];
    const commands = { execute: async ({ report }: RecordExport) => void outcomes.push(report.outcome) };
    const pool = { query: async () => ({ rows: [] }) };
    const trace = new ExportTrace(testConfiguration(), pool as never, commands as never, {} as never);
    const request = { headers: {}, raw: { socket: {} } } as never;
    const sent = trace.byJob({ ...SENT, resources: ['study'] }, { instances: 1 }, request, () =>
      Promise.reject(failure),
    );
    await expect(sent).rejects.toBe(failure);
    await trace.beforeApplicationShutdown();
    return outcomes;
  };

  it('has failed', async () => {
    expect(await outcomes(new AppendRefused('full'))).toEqual(['pending', 'failure']);
  });

  it.each([
    ['is in the log', new NotYetVisible([])],
    ['may be in the log', new AppendUnknown('gone')],
  ])('is under way where the job %s', async (_, failure) => {
    expect(await outcomes(failure)).toEqual(['pending']);
  });
});

describe('what a job was to send that could not be written down as a whole', () => {
  it.each([
    ['has failed where a part of it is in the log', [{ outcome: 'pending' }], ['pending', 'failure']],
    ['is not there where none of it is', [], ['pending']],
  ])('%s', async (_, rows, expected) => {
    const [outcomes, full]: [unknown[], Error] = [[], new AppendRefused('full')];
    const execute = async ({ report }: RecordExport): Promise<void> => {
      outcomes.push(report.outcome);
      if (report.outcome === 'pending') throw full;
    };
    const pool = { query: async () => ({ rows }) };
    const trace = new ExportTrace(testConfiguration(), pool as never, { execute } as never, {} as never);
    const request = { headers: {}, raw: { socket: {} } } as never;
    const sent = trace.byJob({ ...SENT, resources: ['study'] }, { instances: 1 }, request, () => Promise.resolve());
    await expect(sent).rejects.toBe(full);
    await trace.beforeApplicationShutdown();
    expect(outcomes).toEqual(expected);
  });
});

describe('what has arrived of what a job sends', () => {
  const reported = async (arrivals: Arrivals, isCut: boolean): Promise<unknown> => {
    const reports: unknown[] = [];
    const commands = { execute: async ({ report }: RecordExport) => void reports.push(report) };
    const trace = new ExportTrace(testConfiguration(), {} as never, commands as never, {} as never);
    const cut = new Error('cut off');
    const step = trace.jobStep('j', SENT, arrivals, () => (isCut ? Promise.reject(cut) : Promise.resolve(DONE)));
    await (isCut ? expect(step).rejects.toBe(cut) : expect(step).resolves.toBe(DONE));
    return reports;
  };
  const report = { ...SENT, id: 'j', outcome: 'pending', resources: [] };

  it('is reported after a step of the resources of which something arrived in it, and of all where the step was cut off', async () => {
    const first = new Arrivals(['patient', 'study', 'other']);
    first.add(['patient', 'study', 'series', 'instance']);
    expect(await reported(first, false)).toEqual([
      {
        ...report,
        instances: 1,
        arrived: [
          { id: 'patient', instances: 1 },
          { id: 'study', instances: 1 },
        ],
      },
    ]);
    const next = new Arrivals(['patient', 'study', 'other'], first.memory as unknown as ArrivedBefore);
    next.add(['another', 'other', 'series', 'instance']);
    const fresh = { id: 'other', instances: 1 };
    expect(await reported(next, false)).toEqual([{ ...report, instances: 2, arrived: [fresh] }]);
    expect(await reported(next, true)).toEqual([
      { ...report, instances: 2, arrived: [{ id: 'patient', instances: 1 }, { id: 'study', instances: 1 }, fresh] },
    ]);
  });

  it('is not reported where nothing has', async () => {
    expect(await reported(new Arrivals(['patient']), true)).toEqual([]);
  });

  it('is not reported after the last step, which says by itself what came of all', async () => {
    const commands = { execute: () => Promise.reject(new Error('reported')) };
    const trace = new ExportTrace(testConfiguration(), {} as never, commands as never, {} as never);
    const arrivals = new Arrivals(['patient']);
    arrivals.add(['patient']);
    const last = { ...DONE, progress: 1, outputs: {} };
    await expect(trace.jobStep('j', SENT, arrivals, async () => last)).resolves.toBe(last);
  });

  it('is no reason to send it again where it cannot be reported', async () => {
    const warned: unknown[] = [];
    const commands = { execute: () => Promise.reject(new AppendRefused('full')) };
    const logger = { warn: (context: unknown) => void warned.push(context) };
    const trace = new ExportTrace(testConfiguration(), {} as never, commands as never, logger as never);
    const arrivals = new Arrivals(['patient']);
    arrivals.add(['patient']);
    await expect(trace.jobStep('j', SENT, arrivals, async () => DONE)).resolves.toBe(DONE);
    expect(warned).toHaveLength(1);
  });
});
