import { randomUUID } from 'node:crypto';
import { jobSealer } from '../../../jobs/testing/size-in-kafka.js';
import { JobHeaders } from './job-headers.js';

const ORDER = { server: 's', headers: { authorization: 'Bearer of-a-job' } };

describe('the HTTP headers of jobs', () => {
  const { keys, sealer } = jobSealer();
  const headers = new JobHeaders({ ...sealer, openText: (id, sealed) => keys.openText(id, sealed) });

  it('are sealed with the key of the job, and opened for that job alone', async () => {
    const [id, another] = [randomUUID(), randomUUID()];
    const parameters = await headers.sealed(id, ORDER);
    expect(JSON.stringify(parameters)).not.toContain('of-a-job');
    expect(parameters.server).toBe('s');
    await expect(headers.opened({ id, parameters })).resolves.toEqual(ORDER);
    await expect(headers.opened({ id: another, parameters })).rejects.toThrow();
  });

  it('of which there are none need no key', async () => {
    const id = randomUUID();
    const parameters = await headers.sealed(id, { ...ORDER, headers: {} });
    expect(parameters).toEqual({ server: 's' });
    await expect(headers.opened({ id, parameters })).resolves.toEqual({ server: 's', headers: {} });
  });

  it('of jobs that were submitted before they were sealed are used as they stand', async () => {
    await expect(headers.opened({ id: randomUUID(), parameters: ORDER })).resolves.toEqual(ORDER);
  });

  it('fail the job where its key is gone', async () => {
    const id = randomUUID();
    const parameters = await headers.sealed(id, ORDER);
    const lost = new JobHeaders({ ...sealer, openText: async () => undefined });
    await expect(lost.opened({ id, parameters })).rejects.toMatchObject({ status: 500 });
  });
});
