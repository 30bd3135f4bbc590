import { startWritingApp, type WritingApp } from '../testing/writing-app.js';
import { type PeerServer, startPeerServer } from './testing/peer-server.js';

const LONG = {
  Url: 'https://long.test/orthanc',
  Username: 'user',
  Password: 'secret-p',
  HttpHeaders: { Token: 'secret-t', Accept: '*/*' },
  CertificateFile: import.meta.filename,
  CertificateKeyPassword: 'secret-k',
  Timeout: 4,
};

const NO_HEADER = expect.stringContaining('no header of HTTP') as string;

describe('peers', () => {
  let annal: WritingApp;
  let server: PeerServer;
  beforeAll(async () => {
    server = await startPeerServer();
    const OrthancPeers = {
      short: ['http://short.test:8042', 'alice', 'secret-s'],
      bare: ['http://bare.test/'],
      long: LONG,
    };
    annal = await startWritingApp({ OrthancPeers, HttpTimeout: 60 });
  });
  afterAll(async () => {
    await annal.close();
    await server.close();
  });
  const get = async (path: string): Promise<unknown> => (await annal.send('GET', path)).json;
  const put = async (name: string, body: unknown): Promise<readonly [number, unknown]> => {
    const { status, json } = await annal.send('PUT', `/peers/${name}`, JSON.stringify(body));
    return [status, json];
  };

  it('are listed, with `expand` as they are reached, and without what is secret', async () => {
    expect(await get('/peers')).toEqual(['bare', 'long', 'short']);
    const views = {
      bare: { HttpHeaders: [], Pkcs11: false, Timeout: 0, Url: 'http://bare.test/' },
      long: {
        CertificateFile: LONG.CertificateFile,
        CertificateKeyFile: null,
        CertificateKeyPassword: null,
        HttpHeaders: ['Accept', 'Token'],
        Password: null,
        Pkcs11: false,
        Timeout: 4,
        Url: 'https://long.test/orthanc/',
        Username: 'user',
      },
      short: {
        HttpHeaders: [],
        Password: null,
        Pkcs11: false,
        Timeout: 0,
        Url: 'http://short.test:8042/',
        Username: 'alice',
      },
    };
    const expanded = await annal.send('GET', '/peers?expand');
    expect(expanded.json).toEqual(views);
    expect(expanded.text).not.toContain('secret');
    for (const off of ['false', '0']) expect(await get(`/peers?expand=${off}`)).toEqual(['bare', 'long', 'short']);
    expect((await annal.send('GET', '/peers?expand=no')).json).toMatchObject({ HttpStatus: 400, OrthancStatus: 3 });
    expect(await get('/peers/long/configuration')).toEqual(views.long);
    expect(await get('/peers/short')).toEqual(['configuration', 'store', 'store-straight', 'system']);
    expect(await annal.send('GET', '/peers/none')).toMatchObject({ status: 404, text: '' });
    expect(await get('/peers/none/configuration')).toMatchObject({
      Details: 'No peer with symbolic name: none',
      OrthancStatus: 17,
      HttpStatus: 404,
    });
  });

  it('are set in both forms and removed', async () => {
    expect(await annal.send('PUT', '/peers/new', '["http://a"]')).toMatchObject({ status: 200, text: '' });
    expect(await get('/peers/new/configuration')).toEqual({
      HttpHeaders: [],
      Pkcs11: false,
      Timeout: 0,
      Url: 'http://a/',
    });
    await put('new', { URL: 'http://b' });
    expect(await get('/peers/new/configuration')).toMatchObject({ Url: 'http://b/' });
    await put('new', { Url: 'http://u:secret@a/', Username: 'b', Timeout: 3, Own: 'x', HttpHeaders: { A: 'b' } });
    expect(await get('/peers/new/configuration')).toEqual({
      HttpHeaders: ['A'],
      Own: 'x',
      Password: null,
      Pkcs11: false,
      Timeout: 3,
      Url: 'http://u@a/',
      Username: 'b',
    });
    expect(await get('/peers')).toEqual(['bare', 'long', 'new', 'short']);
    for (const name of ['new', 'bare']) {
      expect(await annal.send('DELETE', `/peers/${name}`)).toMatchObject({ status: 200, text: '' });
      expect((await annal.send('DELETE', `/peers/${name}`)).json).toMatchObject({
        Details: `Unknown Orthanc peer: ${name}`,
        OrthancStatus: 7,
        HttpStatus: 404,
      });
    }
    expect(await get('/peers')).toEqual(['long', 'short']);
    const events = (await get('/events?type=annal.remote')) as { Events: { Type: string; Subject: string }[] };
    expect(events.Events.map(({ Type, Subject }) => `${Type} ${Subject}`)).toEqual([
      ...Array<string>(3).fill('annal.remote.set.v1 peers/new'),
      'annal.remote.removed.v1 peers/new',
      'annal.remote.removed.v1 peers/bare',
    ]);
    expect(JSON.stringify(events)).not.toContain('secret');
  });

  // as Orthanc answers to the same
  it.each([
    [[], undefined],
    [['http://h/', 'u'], undefined],
    [['http://h/', 'u', 'p', 'x'], undefined],
    [5, undefined],
    [{}, 'Empty URL'],
    [{ Url: 5 }, undefined],
    [{ Url: 'ftp://h/' }, 'Bad URL: ftp://h/'],
    [{ Url: 'http://h/', Password: 'p' }, 'There is a Password without a Username'],
    [{ Url: 'http://h/', Timeout: '3' }, 'Integer value expected in field: Timeout'],
    [{ Url: 'http://h/', HttpHeaders: { a: 5 } }, undefined],
    // Orthanc takes these, and fails at the first request
    [{ Url: 'http://h/', HttpHeaders: { 'a b': 'c' } }, NO_HEADER],
    [{ Url: 'http://h/', HttpHeaders: { '': 'c' } }, NO_HEADER],
    [{ Url: 'http://h/', HttpHeaders: { a: 'b\r\nc: d' } }, NO_HEADER],
    [{ Url: 'http://h/', HttpHeaders: { a: 'b\0' } }, NO_HEADER],
    [{ Url: 'http://h/', N: [1] }, 'User-defined properties associated with a Web service must be strings: N'],
    [{ Url: 'http://h/', Pkcs11: true }, expect.stringContaining('Pkcs11 is not served')],
  ])('are not set as %j', async (body, details) => {
    const [status, json] = await put('bad', body);
    const { OrthancStatus, Details } = json as Record<string, unknown>;
    expect([status, OrthancStatus, Details]).toEqual([400, 15, details]);
    expect(await get('/peers')).not.toContain('bad');
  });

  it('are not set where name or certificate cannot be', async () => {
    expect(await put('a%20b', ['http://h/'])).toEqual([400, expect.objectContaining({ OrthancStatus: 15 })]);
    const [status, json] = await put('c', { Url: 'https://h/', CertificateFile: '/not-there' });
    expect([status, json]).toEqual([404, expect.objectContaining({ OrthancStatus: 13 })]);
    expect(JSON.stringify(json)).not.toContain('not-there');
    expect((await annal.send('PUT', '/peers/x', 'no JSON')).status).toBe(404);
  });

  it('say what they are, or why that is not known', async () => {
    await put('p', { Url: server.url, Username: 'u', Password: 'secret' });
    server.behaviour = ({ url, headers }, response) =>
      response.end(JSON.stringify({ url, auth: headers.authorization }));
    const system = await annal.send('GET', '/peers/p/system');
    expect(system.headers.get('content-type')).toBe('application/json');
    expect(system.json).toEqual({ url: '/system', auth: `Basic ${btoa('u:secret')}` });
    server.behaviour = (_, response) => void response.writeHead(401).end();
    expect((await annal.send('GET', '/peers/p/system')).json).toMatchObject({ HttpStatus: 500, OrthancStatus: 2005 });
    server.behaviour = (_, response) => void response.end('<html>');
    expect((await annal.send('GET', '/peers/p/system')).json).toMatchObject({
      Details: 'The answer of the peer p is none of an Orthanc server',
      OrthancStatus: 9,
    });
    server.behaviour = ({ socket }) => void socket.destroy();
    expect((await annal.send('GET', '/peers/p/system')).json).toMatchObject({ HttpStatus: 500, OrthancStatus: 9 });
  });
});
