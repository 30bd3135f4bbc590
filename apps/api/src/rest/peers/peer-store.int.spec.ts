import type { ServerResponse } from 'node:http';
import { type Job, resourceIds } from '@annal/domain';
import { OutgoingHttp } from '@annal/platform';
import { buildImage, buildInstance } from '../../../../../libs/dicom/src/testing/index.js';
import { until } from '../../../../../test/support/processes.js';
import { ExportTrace } from '../../exports/export-trace.js';
import { TranscodeService } from '../../pixels/transcode.service.js';
import { JobTypes } from '../../jobs/job-types.js';
import { InstanceFileService } from '../instances/instance-file.service.js';
import { startWritingApp, type WritingApp } from '../testing/writing-app.js';
import { PeerSender } from './peer-sender.js';
import { PeerStoreJob } from './peer-store-job.js';
import { Peers } from './peers.service.js';
import { type PeerServer, startPeerServer } from './testing/peer-server.js';

const COUNT = 9;
const LARGE = 5 * 1024 * 1024;
/** s: longer than a machine under load stands still */
const PATIENT = 60;

describe('sending to a peer', () => {
  let annal: WritingApp;
  let server: PeerServer;
  let other: PeerServer;
  let ids: { readonly study: string; readonly series: string; readonly large: string };
  const files = new Map<string, Buffer>();

  const file = (number: number, pixelBytes = 512): Buffer =>
    buildInstance({
      patientId: 'P',
      studyUid: '1.2',
      seriesUid: `1.2.${number % 2}`,
      sopUid: `1.2.3.${number}`,
      pixelBytes,
    });
  const store = async (bytes: Buffer): Promise<Record<string, string>> => {
    const stored = (await annal.send('POST', '/instances', bytes)).json as Record<string, string>;
    files.set(stored.ID!, bytes);
    return stored;
  };

  beforeAll(async () => {
    [server, other] = [await startPeerServer(), await startPeerServer()];
    annal = await startWritingApp({
      LogExportedResources: true,
      Annal: { Limits: { MaxJobResources: 20, MaxTranscodedSize: 1024 } },
    });
    const { ParentStudy, ParentSeries } = await store(file(1));
    for (let number = 2; number <= COUNT; number++) await store(file(number));
    const large = await store(buildInstance({ patientId: 'L', studyUid: '1.9', sopUid: '1.9.1', pixelBytes: LARGE }));
    ids = { study: ParentStudy!, series: ParentSeries!, large: large.ID! };
  });
  beforeEach(async () => {
    await setWithTimeout(PATIENT);
  });
  afterEach(() => {
    server.received.length = 0;
    server.misbehave.length = 0;
    server.behaviour = undefined;
  });
  afterAll(async () => {
    await annal.close();
    await Promise.all([server.close(), other.close()]);
  });

  const set = async (name: string, options: object): Promise<void> => {
    expect((await annal.send('PUT', `/peers/${name}`, JSON.stringify(options))).status).toBe(200);
  };
  const setWithTimeout = (seconds: number): Promise<void> =>
    set('p', {
      Url: server.url,
      Username: 'u',
      Password: 'secret-p',
      HttpHeaders: { Token: 'secret-t' },
      Timeout: seconds,
    });
  const send = async (body: string | object, peer = 'p'): Promise<readonly [number, Record<string, unknown>]> => {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const { status, json } = await annal.send('POST', `/peers/${peer}/store`, text);
    return [status, json as Record<string, unknown>];
  };
  const sentIds = (): string[] =>
    server.received.map(({ body }) => [...files].find(([, bytes]) => bytes.equals(body))?.[0] ?? 'none').sort();
  const idsOf = async (path: string): Promise<string[]> =>
    ((await annal.send('GET', `${path}/instances`)).json as { ID: string }[]).map(({ ID }) => ID).sort();

  it('sends every file once, as it is stored, with the login, and says what Orthanc says', async () => {
    const [status, content] = await send([ids.study, ids.series, ids.study]);
    const all = await idsOf(`/studies/${ids.study}`);
    const size = all.reduce((sum, id) => sum + files.get(id)!.length, 0);
    expect([status, content]).toEqual([
      200,
      {
        Compress: false,
        Description: 'REST API',
        FailedInstancesCount: 0,
        InstancesCount: COUNT,
        ParentResources: [ids.study, ids.series],
        Peer: { HttpHeaders: { Token: null }, Pkcs11: false, Timeout: PATIENT, Url: server.url, Username: 'u' },
        Size: String(size),
        SizeMB: 0,
      },
    ]);
    expect(sentIds()).toEqual(all);
    for (const { headers } of server.received) {
      expect(headers).toMatchObject({ authorization: `Basic ${btoa('u:secret-p')}`, token: 'secret-t' });
      expect(headers['content-type']).toBe('application/dicom');
    }
  });

  it('takes an identifier as such, in JSON, in a list and in an object, and no other body', async () => {
    const id = ids.large;
    for (const body of [id, ` ${id}\n`, JSON.stringify(id), [id], { Resources: [id], Synchronous: true }]) {
      expect((await send(body))[1]).toMatchObject({ InstancesCount: 1, ParentResources: [id] });
    }
    expect(sentIds()).toEqual(Array(5).fill(id));
    expect((await send([]))[1]).toMatchObject({ InstancesCount: 0, FailedInstancesCount: 0, Size: '0' });
    const UNKNOWN = '00000000-00000000-00000000-00000000-00000000';
    for (const [body, status, code, details] of [
      ['', 400, 15, 'Must provide a JSON value'],
      ['none', 400, 15, 'Must provide a JSON value'],
      ['5', 400, 15, 'Must provide a JSON object, or a JSON array of strings'],
      [{}, 400, 15, 'Missing field in JSON: "Resources"'],
      [{ Resources: id }, 400, 15, 'JSON field "Resources" must contain an array'],
      [[5], 400, 15, 'Resources to be exported must be specified as a JSON array of strings'],
      [['none', id], 400, 15, 'This string is not a valid Orthanc identifier: none'],
      [{ Resources: [id], Transcode: 'x' }, 400, 15, 'Unknown transfer syntax UID: x'],
      [{ Resources: [id], Transcode: 5 }, 400, 15, 'String value expected in field: Transcode'],
      [{ Resources: [id], Compress: 'x' }, 400, 15, 'Boolean value expected in field: Compress'],
      [{ Resources: [id], Permissive: 'x' }, 400, 15, 'Boolean value expected in field: Permissive'],
      [[UNKNOWN, id], 404, 17, undefined],
      [{ Resources: [UNKNOWN], Permissive: true }, 404, 17, undefined],
      [Array.from({ length: 21 }, (_, index) => UNKNOWN.replace(/..$/, String(10 + index))), 413, 8, expect.anything()],
    ] as const) {
      const [got, error] = await send(body);
      expect([body, got, error.OrthancStatus, error.Details]).toEqual([body, status, code, details]);
    }
    for (const [body, details] of [
      ['', 'Must provide a JSON value'],
      [{ Resources: ['none'] }, 'This string is not a valid Orthanc identifier: none'],
      [{ Resources: [id], Compress: 'x' }, 'Boolean value expected in field: Compress'],
      [{ Resources: [id], Permissive: 'x' }, 'No peer with symbolic name: none'],
    ] as const) {
      expect((await send(body, 'none'))[1].Details).toBe(details);
    }
    expect((await send(id, 'none'))[1]).toMatchObject({ Details: 'No peer with symbolic name: none', HttpStatus: 404 });
    expect(server.received).toHaveLength(5);
  });

  it('sends with gzip, small files and large ones, and large ones as they are with their length', async () => {
    for (const id of [ids.large, ids.series]) {
      expect((await send({ Resources: [id], Compress: true }))[1]).toMatchObject({ Compress: true });
    }
    expect(sentIds()).toEqual([ids.large, ...(await idsOf(`/series/${ids.series}`))].sort());
    expect(new Set(server.received.map(({ headers }) => headers['content-encoding']))).toEqual(new Set(['gzip']));
    server.received.length = 0;
    await send(ids.large);
    expect(server.received[0]!.headers['content-length']).toBe(String(files.get(ids.large)!.length));
  });

  it('puts files into a transfer syntax where they can be', async () => {
    const [, content] = await send({ Resources: [ids.large], Transcode: '1.2.840.10008.1.2' });
    expect(content).toMatchObject({ Transcode: '1.2.840.10008.1.2' });
    const { body } = server.received[0]!;
    expect(content.Size).toBe(String(body.length));
    expect(body.includes('1.2.840.10008.1.2\0')).toBe(true);
    // not as JPEG with 8 bits: then as they are
    server.received.length = 0;
    await send({ Resources: [ids.large], Transcode: '1.2.840.10008.1.2.4.50' });
    expect(sentIds()).toEqual([ids.large]);
  });

  it('sends what is beyond a limit of that as it is', async () => {
    const image = { rows: 33, columns: 33, pixelBytes: Buffer.alloc(33 * 33) };
    const { ID } = await store(buildImage({ patientId: 'T', studyUid: '1.8', sopUid: '1.8.1', ...image }));
    expect((await send({ Resources: [ID], Transcode: '1.2.840.10008.1.2.5' }))[0]).toBe(200);
    expect(sentIds()).toEqual([ID]);
    await annal.send('DELETE', `/instances/${ID}`);
  });

  const answerWith =
    (status: number, body: string, headers = {}) =>
    (_: unknown, response: ServerResponse): void =>
      void response.writeHead(status, headers).end(body);

  it.each([
    ['refuses the login', () => answerWith(401, ''), /^The peer p answered with HTTP status 401, so it does not/],
    ['fails', () => answerWith(500, '{}'), /HTTP status 500/],
    [
      'is something else',
      () => answerWith(200, '<html>', { 'Content-Type': 'text/html' }),
      /none of an Orthanc server/,
    ],
    ['answers with another type', () => answerWith(200, '[]'), /none of an Orthanc server/],
    ['redirects', () => answerWith(307, '', { Location: other.url }), /redirects a request that is not sent twice/],
    [
      'never stops to answer',
      () => (_: unknown, response: ServerResponse) => {
        const flood = (): void => void (!response.destroyed && response.write('x'.repeat(65536), flood));
        flood();
      },
      /larger than/,
    ],
    [
      'cuts connections',
      () => (request: { socket: { destroy(): void } }) => request.socket.destroy(),
      /The connection to .* broke/,
    ],
  ])('fails with a clear error where the peer %s', async (_, behaviour, details) => {
    server.behaviour = behaviour();
    const [status, error] = await send(ids.large);
    expect([status, error.OrthancStatus]).toEqual([500, 9]);
    expect(error.Details).toMatch(details);
    expect(JSON.stringify(error)).not.toContain('secret');
    expect(other.received).toEqual([]);
  });

  it('fails with a clear error where the peer never answers', async () => {
    await setWithTimeout(1);
    server.behaviour = () => undefined;
    const [status, error] = await send(ids.large);
    expect([status, error.OrthancStatus]).toEqual([500, 9]);
    expect(error.Details).toMatch(/did not answer in time/);
  });

  it('fails where nobody listens, and where the peer is not there any more', async () => {
    const gone = await startPeerServer();
    await gone.close();
    await set('gone', [gone.url]);
    expect((await send(ids.large, 'gone'))[1]).toMatchObject({ OrthancStatus: 9, Details: /cannot be reached/ });
  });

  it('sends once more what was cut off', async () => {
    server.misbehave.push(({ socket }) => void socket.destroy());
    expect((await send(ids.large))[0]).toBe(200);
    expect(sentIds()).toEqual([ids.large]);
  });

  it('counts what the peer refuses where that is allowed, and ends at it where it is not', async () => {
    server.misbehave.push(answerWith(500, ''), answerWith(400, ''));
    const [status, content] = await send({ Resources: [ids.study], Permissive: true });
    expect([status, content.FailedInstancesCount, content.InstancesCount]).toEqual([200, 2, COUNT]);
    expect(server.received).toHaveLength(COUNT - 2);
    server.misbehave.push(answerWith(500, ''));
    expect((await send([ids.study]))[0]).toBe(500);
  });

  it('goes on behind its last step, in other hands as well, and leaves nothing out', async () => {
    const job = await lastJob();
    const type = new PeerStoreJob(
      annal.get(Peers),
      new PeerSender(annal.get(OutgoingHttp), annal.get(InstanceFileService), annal.get(TranscodeService)),
      annal.get(ExportTrace),
      annal.app.context.pool as never,
      2,
      { files: 4, bytes: Infinity, time: Infinity },
    );
    const whole = await idsOf(`/studies/${ids.study}`);
    let now: Job = { ...job, permissive: false, memory: null, steps: 0 };
    let steps = 0;
    for (; ; steps++) {
      // cut off amid the step, as by a kill, then done by somebody else
      const over = new AbortController();
      const reason = new Error('killed');
      server.misbehave.push((request, response) => {
        response.end(JSON.stringify({ Status: 'Success' }));
        setImmediate(() => over.abort(reason));
        request.resume();
      });
      server.misbehave.push(() => undefined);
      await type.step(now, { signal: over.signal }).catch((error: unknown) => expect(error).toBe(reason));
      server.misbehave.length = 0;
      const done = await type.step(now, { signal: new AbortController().signal });
      now = { ...now, memory: done.memory, content: done.content };
      if (done.outputs) break;
    }
    expect(steps).toBe(2);
    expect([...new Set(sentIds())]).toEqual(whole);
    expect(now.content).toMatchObject({ failed: 0 });
    const whole2 = (await send([ids.study]))[1];
    expect(Number(whole2.Size)).toBe((now.content as { size: number }).size);
  });

  it('fails where something was deleted meanwhile, or counts it, and sends the rest', async () => {
    const { ID, ParentStudy } = await store(file(20));
    const job = await lastJob();
    const order = { ...job.parameters, ids: [ParentStudy!], instances: COUNT + 1 };
    await annal.send('DELETE', `/instances/${ID}`);
    const type = registered();
    const signal = new AbortController().signal;
    const again: Job = { ...job, parameters: order, memory: null };
    await expect(type.step({ ...again, permissive: false }, { signal })).rejects.toMatchObject({
      status: 404,
      details: 'Deleted while it was sent',
    });
    expect((await type.step({ ...again, permissive: true }, { signal })).content).toMatchObject({ failed: 1 });
    expect([...new Set(sentIds())]).toEqual(await idsOf(`/studies/${ids.study}`));
  });

  it('has no more on the way at once than is configured', async () => {
    let most = 0;
    server.behaviour = undefined;
    const watching = setInterval(() => (most = Math.max(most, server.busy())), 1);
    await send([ids.study]);
    clearInterval(watching);
    expect(most).toBeLessThanOrEqual(4);
  });

  it('runs in the background where that is wanted', async () => {
    const [status, { ID, Path }] = await send({ Resources: [ids.large], Asynchronous: true, Priority: 3, UserData: 4 });
    expect([status, Path]).toEqual([200, `/jobs/${String(ID)}`]);
    let job: Record<string, unknown> = {};
    await until(async () => {
      job = (await annal.send('GET', `/jobs/${String(ID)}`)).json as Record<string, unknown>;
      return job.State === 'Success';
    });
    expect(job).toMatchObject({ Type: 'OrthancPeerStore', Priority: 3, UserData: 4, Progress: 100 });
    expect(sentIds()).toEqual([ids.large]);
  });

  it('hands a file on without keeping it', async () => {
    const [small, large] = [file(30), file(31, LARGE)];
    for (const bytes of [small, large]) {
      const answer = await annal.send('POST', '/peers/p/store-straight', new Uint8Array(bytes));
      expect([answer.status, answer.json]).toEqual([200, { ID: 'iiiiiiii', Path: '/instances/i', Status: 'Success' }]);
    }
    expect(server.received.map(({ body }) => body.length)).toEqual([small.length, large.length]);
    expect(server.received[1]!.body.equals(large)).toBe(true);
    server.misbehave.push(answerWith(400, '{}'));
    expect((await annal.send('POST', '/peers/p/store-straight', 'x')).json).toMatchObject({
      Details: 'Cannot send DICOM to remote peer: p',
      HttpStatus: 500,
      OrthancStatus: 9,
    });
    expect((await annal.send('POST', '/peers/none/store-straight', 'x')).status).toBe(404);
    expect((await annal.send('GET', '/statistics')).json).toMatchObject({ CountInstances: COUNT + 1 });
  });

  it('says of whom a file was that it handed on, though it is not kept, also where the peer refused it', async () => {
    const uids = { studyUid: '1.7', seriesUid: '1.7.1', sopUid: '1.7.1.1' };
    const straight = buildInstance({ patientId: 'HANDED ON', ...uids, pixelBytes: LARGE });
    const id = resourceIds({
      patientId: 'HANDED ON',
      studyInstanceUid: '1.7',
      seriesInstanceUid: '1.7.1',
      sopInstanceUid: '1.7.1.1',
    });
    await annal.send('POST', '/peers/p/store-straight', new Uint8Array(straight));
    server.misbehave.push(answerWith(400, '{}'));
    await annal.send('POST', '/peers/p/store-straight', new Uint8Array(straight));
    const row = { ResourceType: 'Instance', ID: id.instance, ParentPatient: id.patient, DestinationName: 'p' };
    for (const query of ['patient=HANDED%20ON', `resource=${id.study}`, `resource=${id.instance}`]) {
      const { json } = await annal.send('GET', `/exports/report?${query}`);
      expect((json as { Exports: unknown[] }).Exports).toMatchObject([
        { ...row, Outcome: 'success', InstancesCount: 1, FailedInstancesCount: 0 },
        { ...row, Outcome: 'failure', InstancesCount: 0, FailedInstancesCount: 1 },
      ]);
    }
  });

  it('says that what the peer did not keep did not arrive, though it answers with 200 and the job succeeds as with Orthanc', async () => {
    const { ID } = await store(buildInstance({ patientId: 'KEPT', studyUid: '1.8', seriesUid: '1.8.1', sopUid: '1' }));
    const study = (await store(buildInstance({ patientId: 'KEPT', studyUid: '1.8', seriesUid: '1.8.1', sopUid: '2' })))
      .ParentStudy!;
    const rows = async (): Promise<unknown> =>
      ((await annal.send('GET', '/exports/report?patient=KEPT')).json as { Exports: unknown[] }).Exports;
    server.misbehave.push(answerWith(200, '{"Status":"FilteredOut"}'));
    expect(await send([study])).toMatchObject([200, { FailedInstancesCount: 0, InstancesCount: 2 }]);
    server.misbehave.push(answerWith(200, '{"Status":"Failure"}'));
    expect(await send([ID!])).toMatchObject([200, { FailedInstancesCount: 0, InstancesCount: 1 }]);
    server.misbehave.push(answerWith(200, '{"Status":"AlreadyStored"}'));
    expect(await send([ID!])).toMatchObject([200, { FailedInstancesCount: 0, InstancesCount: 1 }]);
    server.misbehave.push(answerWith(200, '{}'));
    const straight = await annal.send('POST', '/peers/p/store-straight', new Uint8Array(files.get(ID!)!));
    expect([straight.status, straight.json]).toEqual([200, {}]);
    expect(await rows()).toMatchObject([
      { Outcome: 'partial', InstancesCount: 1, FailedInstancesCount: 1 },
      { Outcome: 'failure', InstancesCount: 0, FailedInstancesCount: 1 },
      { Outcome: 'success', InstancesCount: 1, FailedInstancesCount: 0 },
      { Outcome: 'failure', InstancesCount: 0, FailedInstancesCount: 1 },
    ]);
    await annal.send('DELETE', `/studies/${study}`);
  });

  it('says of whom a file was whose header is too long to be looked into, as the peer knows', async () => {
    const id = resourceIds({ patientId: 'LONG', studyInstanceUid: '1', seriesInstanceUid: '2', sopInstanceUid: '3' });
    const parents = { ParentPatient: id.patient, ParentStudy: id.study, ParentSeries: id.series };
    server.misbehave.push((request, response) => {
      request.resume();
      request.on('end', () => void response.end(JSON.stringify({ ID: id.instance, ...parents, Status: 'Success' })));
    });
    await annal.send('POST', '/peers/p/store-straight', 'no file that is known here');
    const { json } = await annal.send('GET', '/exports/report?patient=LONG');
    expect((json as { Exports: unknown[] }).Exports).toMatchObject([{ ID: id.instance, ParentPatient: id.patient }]);
  });

  it('leaves a trace of who sent what where, and how that went, and nowhere a secret', async () => {
    const before = (await events()).length;
    await send([ids.study]);
    server.behaviour = answerWith(500, '');
    await send({ Resources: [ids.large], Permissive: true });
    const since = (await events()).slice(before);
    // jobs of other tests, which failed, may be reported on meanwhile
    const begun = new Set(since.filter(({ Data }) => Data.outcome === 'pending').map(({ Data }) => Data.id));
    const written = since.filter(({ Data }) => begun.has(Data.id));
    const destination = { kind: 'peer', name: 'p', address: server.url };
    expect(written.map(({ Actor, Data }) => [Actor.protocol, Data])).toEqual([
      [
        'http',
        expect.objectContaining({
          outcome: 'pending',
          destination,
          resources: [expect.objectContaining({ id: ids.study })],
          listed: true,
        }),
      ],
      ['job', expect.objectContaining({ outcome: 'success', destination, instances: COUNT, failed: 0 })],
      ['http', expect.objectContaining({ outcome: 'pending' })],
      ['job', expect.objectContaining({ outcome: 'failure', instances: 0, failed: 1 })],
    ]);
    for (const path of ['/events?limit=1000', '/jobs?expand', '/peers?expand', '/peers/p/configuration']) {
      expect((await annal.send('GET', path)).text).not.toContain('secret');
    }
    const [rows = []] = await annal.execute('SELECT job::text AS text FROM jobs');
    expect(rows.map(({ text }) => String(text)).join()).not.toContain('secret');
  });

  interface Shown {
    readonly Actor: { readonly protocol: string };
    readonly Data: Record<string, unknown>;
  }
  async function events(): Promise<readonly Shown[]> {
    const { json } = await annal.send('GET', '/events?type=annal.export&limit=1000');
    return (json as { Events: Shown[] }).Events;
  }

  /** The job of the last study that was sent, as it stands in the read models. */
  async function lastJob(): Promise<Job> {
    await send([ids.study]);
    server.received.length = 0;
    const [rows = []] = await annal.execute('SELECT job FROM jobs ORDER BY key DESC LIMIT 1');
    return rows[0]!.job as Job;
  }

  function registered(): PeerStoreJob {
    return annal.get(JobTypes).get('OrthancPeerStore') as PeerStoreJob;
  }
});
