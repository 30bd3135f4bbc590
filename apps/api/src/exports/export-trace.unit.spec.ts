import { AppendRefused, NotYetVisible } from '@annal/domain';
import { testConfiguration } from '../http/testing/test-app.js';
import { ExportTrace } from './export-trace.js';

const SENT = { protocol: 'orthanc', destination: { kind: 'peer', name: 'p' } } as const;

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
