import { randomBytes } from 'node:crypto';
import { AppendRefused, type BlobStore, type ResourceIds } from '@annal/domain';
import { jest } from '@jest/globals';
import { until } from '../../../../test/support/processes.js';
import { MemoryBlobs } from '../rest/archives/testing/memory-blobs.js';
import { storeNumbered } from '../rest/archives/testing/store-numbered.js';
import { type ReadingApp, startReadingApp } from '../rest/testing/reading-app.js';

const SIZE = 5000;
/** More than is read ahead and fits into the buffers of a connection. */
const ENDLESS = 32 * 1024 * 1024;

type Row = Readonly<Record<string, unknown>>;

describe('downloads of archives', () => {
  const blobs = new MemoryBlobs(SIZE);
  let reading: ReadingApp;
  let small: ResourceIds;
  let endless: ResourceIds;
  let lost: ResourceIds;

  beforeAll(async () => {
    reading = await startReadingApp({}, blobs as unknown as BlobStore);
    const of = (name: string): { patient: string; study: string; series: string; instance: string } => ({
      patient: name,
      study: `1.${name}`,
      series: `1.${name}.1`,
      instance: `1.${name}.1.1`,
    });
    ({ ids: small } = await storeNumbered(reading, { ...of('1'), size: SIZE }, '1'));
    const large = await storeNumbered(reading, { ...of('2'), size: ENDLESS }, '1');
    endless = large.ids;
    blobs.kept.set(large.blobKey, Buffer.alloc(ENDLESS, randomBytes(1024 * 1024)));
    const first = await storeNumbered(reading, { ...of('3'), size: ENDLESS }, '1');
    blobs.kept.set(first.blobKey, blobs.kept.get(large.blobKey)!);
    const gone = await storeNumbered(reading, { ...of('3'), instance: '1.3.1.2', size: SIZE }, '2');
    blobs.lost.add(gone.blobKey);
    lost = first.ids;
  });
  afterAll(() => reading.close());

  const rows = async (resource: string): Promise<readonly Row[]> =>
    (await reading.ask<{ Exports: Row[] }>(`/exports/report?resource=${resource}`)).json.Exports;
  /** What is known of the only export of a resource, once it has ended. */
  const ended = async (resource: string): Promise<Row> => {
    let found: readonly Row[] = [];
    await until(async () => {
      found = await rows(resource);
      return found.length > 0 && found.every(({ Outcome }) => Outcome !== 'pending');
    });
    return found.at(-1)!;
  };
  const get = (path: string, init?: RequestInit): Promise<Response> => fetch(reading.app.url + path, init);

  it.each([
    ['archive', `archive`, 'Study'],
    ['medium', 'media', 'Study'],
  ])('of a whole %s are recorded with who had it, and that it arrived', async (_what, kind) => {
    const answer = await get(`/studies/${small.study}/${kind}`, { headers: { 'X-Correlation-Id': kind } });
    await answer.arrayBuffer();
    const row = await ended(small.study);
    expect(row).toMatchObject({
      Origin: 'http',
      RemoteAddress: '127.0.0.1',
      Protocol: kind,
      DestinationKind: 'client',
      ResourceType: 'Study',
      ID: small.study,
      PatientID: '1',
      Outcome: 'success',
      InstancesCount: 1,
      FailedInstancesCount: 0,
      CorrelationId: kind,
    });
    expect(row.DestinationName).toBeUndefined();
    // nothing of it was sent to a peer
    expect((await reading.ask<{ Exports: Row[] }>('/exports')).json.Exports).toEqual([]);
  });

  it('of several resources name each of them, as they were asked for', async () => {
    const { length } = await rows(small.patient);
    const Resources = [small.series, small.instance];
    await (await get('/tools/create-archive', { method: 'POST', body: JSON.stringify({ Resources }) })).arrayBuffer();
    await ended(small.patient);
    expect((await rows(small.patient)).slice(length).map(({ ID }) => ID)).toEqual(Resources);
  });

  it('by DICOMweb are recorded as well', async () => {
    const { length } = await rows(small.patient);
    const headers = { Accept: 'application/zip' };
    await (await get('/dicom-web/studies/1.1/series/1.1.1', { headers })).arrayBuffer();
    await ended(small.patient);
    expect((await rows(small.patient)).slice(length)).toMatchObject([{ Protocol: 'archive', ID: small.series }]);
  });

  it('that a client breaks off are aborted', async () => {
    const hangUp = new AbortController();
    const answer = await get(`/studies/${endless.study}/archive`, { signal: hangUp.signal });
    await answer.body!.getReader().read();
    expect(await rows(endless.study)).toMatchObject([{ Outcome: 'pending' }]);
    hangUp.abort();
    expect((await ended(endless.study)).Outcome).toBe('aborted');
  });

  it('that break off here have failed', async () => {
    const answer = await get(`/studies/${lost.study}/archive`);
    expect(answer.status).toBe(200);
    await expect(answer.arrayBuffer()).rejects.toThrow();
    expect((await ended(lost.study)).Outcome).toBe('failure');
  });

  it('of nothing leave no trace, nor do those of which nobody gets the body', async () => {
    const before = (await rows(small.patient)).length;
    expect((await get('/studies/nope/archive')).status).toBe(404);
    expect((await get(`/studies/${small.study}/archive`, { method: 'HEAD' })).status).toBe(200);
    expect(await rows(small.patient)).toHaveLength(before);
  });

  it('are not sent where they cannot be recorded', async () => {
    const submit = jest.spyOn(reading.log, 'submit').mockRejectedValue(new AppendRefused('no log'));
    const [opened, closed] = [blobs.opened, blobs.closed];
    const answer = await get(`/studies/${endless.study}/archive`);
    submit.mockRestore();
    expect(answer.status).toBe(503);
    await until(async () => blobs.closed - closed === blobs.opened - opened);
  });
});
