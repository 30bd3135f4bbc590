import type { ServerResponse } from 'node:http';
import { sampleFile } from '../../../../../test/support/sample-study.js';
import { startWritingApp, type Answer, type WritingApp } from '../../rest/testing/writing-app.js';
import { FakeServer, PARTS, partsOf } from './testing/fake-server.js';

const FILE = sampleFile({ patient: 'P', study: 1, series: 1, instance: 1 });
const OTHER = sampleFile({ patient: 'P', study: 1, series: 1, instance: 2 });
const THIRD = sampleFile({ patient: 'Q', study: 2, series: 1, instance: 3 });
const MIB = Buffer.alloc(1024 * 1024, 'a');

/** Writes for as long as somebody reads. */
function flood(response: ServerResponse, piece: Buffer | string): void {
  const pour = (): void => {
    while (!response.destroyed && response.write(piece));
    if (!response.destroyed) response.once('drain', pour);
  };
  pour();
}

describe('other DICOMweb servers that are broken or hostile', () => {
  let annal: WritingApp;
  let other: FakeServer;
  let stranger: FakeServer;
  beforeAll(async () => {
    [other, stranger] = [await FakeServer.start(), await FakeServer.start()];
    const serverWithTimeout = (seconds: number): object => ({
      Url: `${other.url}/dicom-web/`,
      Username: 'me',
      Password: 'secret',
      HttpHeaders: { Token: 'secret' },
      Timeout: seconds,
      HasDelete: true,
    });
    annal = await startWritingApp({
      DicomWeb: {
        Servers: {
          b: serverWithTimeout(60),
          hasty: serverWithTimeout(1),
        },
      },
      Annal: { Limits: { MaxRemoteAnswerSize: 100_000, MaxRetrievedSize: 3_000_000, MaxMultipartParts: 3 } },
    });
    expect((await annal.send('POST', '/instances', FILE.bytes)).status).toBe(200);
  });
  afterAll(async () => {
    await annal.close();
    await other.close();
    await stranger.close();
  });
  beforeEach(() => {
    other.seen.length = 0;
    stranger.seen.length = 0;
  });

  const post = (path: string, body: object, server = 'b'): Promise<Answer> =>
    annal.send('POST', `/dicom-web/servers/${server}/${path}`, JSON.stringify(body));
  const retrieve = (): Promise<Answer> => post('retrieve', { Resources: [{ Study: '1.2' }] });
  const stow = (): Promise<Answer> => post('stow', { Resources: [FILE.ids.study] });
  const details = (answer: Answer): string => {
    expect([answer.status, (answer.json as { OrthancStatus: number }).OrthancStatus]).toEqual([500, 9]);
    expect(answer.text).not.toContain('secret');
    return (answer.json as { Details: string }).Details;
  };

  it.each<[string, (response: ServerResponse) => void, RegExp]>([
    ['cut the connection', (response) => void response.destroy(), /The connection to .* broke/],
    [
      'cut a body',
      (response) =>
        void response
          .writeHead(200, { 'Content-Type': PARTS, 'Content-Length': 99 })
          .write('a', () => response.destroy()),
      /The connection to .* broke|damaged/,
    ],
    ['fail', (response) => void response.writeHead(500).end('secret'), /answered with HTTP status 500/],
    ['refuse', (response) => void response.writeHead(401).end('secret'), /answered with HTTP status 401/],
    [
      'redirect in circles',
      (response) => void response.writeHead(302, { Location: '/dicom-web/studies/1.2' }).end(),
      /redirects too often/,
    ],
    [
      'answer with another type',
      (response) => void response.writeHead(200, { 'Content-Type': 'text/html' }).end('<p>'),
      /answers with "text\/html", not with DICOM files/,
    ],
    [
      'answer with a type that reads like half a character',
      (response) => void response.writeHead(200, { 'Content-Type': String.raw`x\udead` }).end('x'),
      /answers with "x\\udead", not with DICOM files/,
    ],
    ['answer with no type', (response) => void response.writeHead(200).end('x'), /No Content-Type provided/],
    [
      'answer with other parts',
      (response) =>
        void response.writeHead(200, { 'Content-Type': PARTS }).end(partsOf([FILE.bytes], { type: 'image/png' })),
      /but received: image\/png/,
    ],
    [
      'answer without a boundary',
      (response) =>
        void response.writeHead(200, { 'Content-Type': 'multipart/related; type="application/dicom"' }).end('x'),
      /boundary is missing/,
    ],
    [
      'never send a boundary',
      (response) => flood(response.writeHead(200, { 'Content-Type': PARTS }), MIB),
      /larger than the limit: 3000000 bytes/,
    ],
    [
      'never end a part',
      (response) => (
        response.writeHead(200, { 'Content-Type': PARTS }).write(partsOf([FILE.bytes], { end: '' })),
        flood(response, MIB)
      ),
      /larger than the limit: 3000000 bytes/,
    ],
    [
      'never end the header of a part',
      (response) => (
        response.writeHead(200, { 'Content-Type': PARTS }).write('\r\n--xx\r\n'),
        flood(response, 'X: y\r\n')
      ),
      /bytes of a part's header/,
    ],
    [
      'send too many parts',
      (response) =>
        void response.writeHead(200, { 'Content-Type': PARTS }).end(partsOf(Array<Buffer>(4).fill(FILE.bytes))),
      /3 parts of a body/,
    ],
  ])('make retrievals fail clearly when they %s', async (_, answer, message) => {
    other.answer = (_request, response) => answer(response);
    expect(details(await retrieve())).toMatch(message);
  });

  it('make retrievals and sending fail clearly when they say nothing', async () => {
    other.answer = () => undefined;
    expect(details(await post('retrieve', { Resources: [{ Study: '1.2' }] }, 'hasty'))).toMatch(
      /did not answer in time/,
    );
    expect(details(await post('stow', { Resources: [FILE.ids.study] }, 'hasty'))).toMatch(/did not answer in time/);
  });

  it('cost no instance but what is none: the rest is stored before the job fails', async () => {
    other.says(200, partsOf([Buffer.from('no DICOM'), OTHER.bytes]), PARTS);
    expect(details(await retrieve())).toBe('1 of the 2 instances received are no DICOM files that can be stored');
    expect((await annal.send('GET', `/instances/${OTHER.ids.instance}`)).status).toBe(200);
    other.says(200, partsOf([FILE.bytes], { end: '' }), PARTS);
    expect(details(await retrieve())).toMatch(/damaged/);
  });

  it('do not pass a part for the whole: what came is stored, and the job fails', async () => {
    other.says(206, partsOf([THIRD.bytes]), PARTS);
    expect(details(await retrieve())).toBe('The DICOMweb server "b" gave only a part of what it has (HTTP status 206)');
    expect((await annal.send('GET', `/instances/${THIRD.ids.instance}`)).status).toBe(200);
  });

  it.each<[string, (response: ServerResponse) => void, RegExp]>([
    ['cut the connection', (response) => void response.destroy(), /The connection to .* broke/],
    ['fail', (response) => void response.writeHead(503).end('secret'), /answered with HTTP status 503/],
    [
      'redirect',
      (response) => void response.writeHead(307, { Location: 'http://127.0.0.1:1/' }).end(),
      /redirects a request that is not sent twice/,
    ],
    ['answer without an end', (response) => flood(response.writeHead(200), MIB), /larger than 100000 bytes/],
    ['answer with what is no JSON', (response) => void response.end('<secret>'), /cannot be read/],
    [
      'store less',
      (response) => void response.end('{"00081199":{"vr":"SQ","Value":[{}]}}'),
      /only able to receive 1 instances out of 2/,
    ],
    [
      'refuse instances',
      (response) =>
        void response.writeHead(409).end('{"00081198":{"vr":"SQ","Value":[{"00081197":{"vr":"US","Value":[272]}}]}}'),
      /did not store 1 of 2 instances \(failure reason 0x0110\)/,
    ],
  ])('make sending fail clearly when they %s', async (_, answer, message) => {
    other.answer = (_request, response) => answer(response);
    expect(details(await stow())).toMatch(message);
  });

  it('cannot make searches endless, and break what is handed on where they break', async () => {
    other.answer = (_, response) => flood(response.writeHead(200), MIB);
    expect(details(await post('qido', { Uri: '/studies' }))).toMatch(/larger than 100000 bytes/);
    other.says(200, `[${'['.repeat(10_000)}`);
    expect((await post('qido', { Uri: '/studies' })).status).toBeGreaterThanOrEqual(400);
    other.answer = (_, response) => void response.writeHead(200).write('begun', () => response.destroy());
    await expect(post('get', { Uri: '/studies' })).rejects.toThrow();
  });

  it('get no login of another origin, nor does another origin theirs', async () => {
    stranger.says(200, partsOf([FILE.bytes]), PARTS);
    other.answer = (_, response) => void response.writeHead(302, { Location: `${stranger.url}/elsewhere` }).end();
    expect((await retrieve()).json).toMatchObject({ ReceivedInstancesCount: '1' });
    expect((await post('get', { Uri: '/x', HttpHeaders: { Cookie: 'secret' } })).status).toBe(200);
    expect(other.seen.map(({ headers }) => headers.authorization)).toEqual(
      Array(2).fill(expect.stringContaining('Basic')),
    );
    for (const { url, headers } of stranger.seen) {
      expect(url).toBe('/elsewhere');
      expect([headers.authorization, headers.token, headers.cookie]).toEqual([undefined, undefined, undefined]);
    }
    const jobs = await annal.send('GET', '/jobs?expand');
    expect(jobs.text).not.toContain('secret');
  });
});
