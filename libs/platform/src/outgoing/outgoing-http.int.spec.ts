import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, connect, createServer as createTcpServer, type Socket } from 'node:net';
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TemporaryConfiguration } from '../config/testing/temporary-configuration.js';
import type { Endpoint } from './endpoint.js';
import { asOutgoingError, OutgoingError } from './outgoing-error.js';
import { OutgoingHttp } from './outgoing-http.js';

const opened: { close(): unknown }[] = [];
const logged: object[] = [];
const configurations = new TemporaryConfiguration();

describe('requests to other servers', () => {
  afterAll(() => configurations.remove());
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((each) => each.close()));
    logged.length = 0;
  });

  it('join path and URL by one slash, send the login, and hand the answer on as it comes', async () => {
    const seen: IncomingMessage[] = [];
    const url = await serve((request, response) => {
      seen.push(request);
      response.writeHead(404, { 'X-Own': 'yes' }).end('nothing here');
    });
    const endpoint = { url: `${url}/dicom-web/`, username: 'ü', password: 'p:w', headers: { Token: 't' } };
    const { status, headers, body } = await client().whole(endpoint, { method: 'GET', path: '/studies?a=b' }, 100);
    expect([status, headers['x-own'], body.toString()]).toEqual([404, 'yes', 'nothing here']);
    expect(seen[0]).toMatchObject({
      url: '/dicom-web/studies?a=b',
      headers: { authorization: `Basic ${Buffer.from('ü:p:w').toString('base64')}`, token: 't' },
    });
    await client().whole({ url: url.replace('//', '//a:b%40@') }, { method: 'GET', path: '' }, 100);
    expect(seen[1]).toMatchObject({
      url: '/',
      headers: { authorization: `Basic ${Buffer.from('a:b@').toString('base64')}` },
    });
  });

  it('send a login of the URL as it stands there where its percent signs escape nothing', async () => {
    const seen: (string | undefined)[] = [];
    const url = await serve(({ headers }, response) => {
      seen.push(headers.authorization);
      response.end();
    });
    await client().whole({ url: url.replace('//', '//a:100%@') }, { method: 'GET', path: '' }, 0);
    expect(seen).toEqual([`Basic ${Buffer.from('a:100%').toString('base64')}`]);
  });

  it('wait as long as a timer can where they may wait longer', async () => {
    const url = await serve((_, response) => void setTimeout(() => response.end('late'), 100));
    const timeout = 2 ** 31;
    for (const [http, endpoint] of [
      [client(), { url, timeout }],
      [client({ HttpTimeout: timeout }), { url }],
    ] as const) {
      expect((await http.whole(endpoint, { method: 'GET', path: '' }, 10)).body.toString()).toBe('late');
    }
  });

  it('go over a connection again that the other server keeps for a second, as Orthanc does', async () => {
    const sockets = new Set<Socket>();
    const url = await serve((request, response) => {
      sockets.add(request.socket);
      request.resume().on('end', () => response.setHeader('Keep-Alive', 'timeout=1').end('{}'));
    });
    const http = client();
    for (let count = 0; count < 5; count++) {
      await http.whole({ url }, { method: 'POST', path: '/', body: Buffer.from('x') }, 10);
    }
    // a second one may be opened before the first is seen to be free
    expect(sockets.size).toBeLessThanOrEqual(2);
  });

  it('send streams in chunks, or with the length that is known', async () => {
    const seen: [string | undefined, string | undefined, string][] = [];
    const url = await serve(async (request, response) => {
      let text = '';
      for await (const piece of request) text += String(piece);
      seen.push([request.headers['content-length'], request.headers['transfer-encoding'], text]);
      response.end();
    });
    const pieces = async function* (): AsyncGenerator<Uint8Array> {
      yield Buffer.from('ab');
      yield Buffer.from('c');
    };
    for (const length of [undefined, 3]) {
      await client().whole({ url }, { method: 'POST', path: '/', body: { stream: pieces(), length } }, 0);
    }
    await client().whole({ url }, { method: 'POST', path: '/', body: Buffer.from('abc') }, 0);
    expect(seen).toEqual([
      [undefined, 'chunked', 'abc'],
      ['3', undefined, 'abc'],
      ['3', undefined, 'abc'],
    ]);
  });

  it.each([
    ['closed ports', 'unreachable', async () => `http://127.0.0.1:${await closedPort()}`],
    ['servers that never answer', 'timeout', () => serve(() => undefined)],
    ['heads that never end', 'timeout', () => speak((socket) => void socket.write('HTTP/1.1 200 OK\r\nX: '))],
    ['bodies that stand still', 'timeout', () => serve((_, response) => void response.write('a'))],
    ['connections that break', 'broken', () => speak((socket) => void socket.end('HTTP/1.1 200 OK\r\n'))],
    [
      'bodies that break',
      'broken',
      () => serve((_, response) => void (response.write('a'), setImmediate(() => response.destroy()))),
    ],
    ['what is no HTTP', 'broken', () => speak((socket) => void socket.end('SSH-2.0-x\r\n'))],
    [
      'endless heads',
      'broken',
      () => speak((socket) => flood(socket, 'HTTP/1.1 200 OK\r\n', `X: ${'y'.repeat(1000)}\r\n`)),
    ],
    ['bodies that are too large', 'too-large', () => serve((_, response) => flood(response, 'a', 'a'.repeat(1000)))],
    [
      'redirects in circles',
      'redirect',
      () => serve((_, response) => response.writeHead(302, { Location: '/' }).end()),
    ],
    [
      'redirects to files',
      'redirect',
      () => serve((_, response) => response.writeHead(302, { Location: 'file:///x' }).end()),
    ],
  ] as const)('tell %s from others: %s', async (_, kind, server) => {
    const url = await server();
    // what is late on a busy machine is not silent
    const failed = client({ HttpTimeout: kind === 'timeout' ? 1 : 60 }).whole(
      { url },
      { method: 'GET', path: '/secret?u=p' },
      5000,
    );
    const error = await failed.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(OutgoingError);
    expect(error).toMatchObject({ kind });
    expect((error as Error).message).not.toContain('secret');
  });

  it('follow redirects of GET, and show other origins nothing of their own', async () => {
    const seen: IncomingMessage[] = [];
    const other = await serve((request, response) => void (seen.push(request), response.end('there')));
    const url = await serve((request, response) => {
      seen.push(request);
      response.writeHead(307, { Location: request.url === '/a' ? '/b' : other }).end();
    });
    const endpoint = { url, username: 'u', password: 'p', headers: { Token: 't' } };
    const headers = { accept: 'text/plain', Cookie: 'c' };
    const { body } = await client().whole(endpoint, { method: 'GET', path: '/a', headers }, 10);
    expect(body.toString()).toBe('there');
    const shown = seen.map(({ headers: { authorization, token, cookie, accept } }) => [
      authorization,
      token,
      cookie,
      accept,
    ]);
    expect(shown.slice(0, 2)).toEqual(Array(2).fill([expect.stringContaining('Basic'), 't', 'c', 'text/plain']));
    expect(shown[2]).toEqual([undefined, undefined, undefined, 'text/plain']);
    const posted = client().whole(endpoint, { method: 'POST', path: '/a', body: Buffer.from('x') }, 10);
    await expect(posted).rejects.toMatchObject({ kind: 'redirect' });
  });

  it('end where they are not wanted any more, with the reason given', async () => {
    const url = await serve((_, response) => void response.write('a'));
    const over = new AbortController();
    const { body } = await client().request({ url }, { method: 'GET', path: '/', signal: over.signal });
    const failed = once(body.resume(), 'error').then(([error]: unknown[]) => error);
    const reason = new Error('cancelled');
    over.abort(reason);
    expect(asOutgoingError(await failed, 'host')).toBe(reason);
    const late = client().request({ url }, { method: 'GET', path: '/', signal: over.signal });
    await expect(late).rejects.toBe(reason);
  });

  it('fail with what the stream that they send fails with', async () => {
    const url = await serve((request, response) => void request.resume().on('end', () => response.end()));
    const reason = new Error('no such file');
    const stream = (async function* (): AsyncGenerator<Uint8Array> {
      throw reason;
    })();
    await expect(client().request({ url }, { method: 'POST', path: '/', body: { stream } })).rejects.toBe(reason);
  });

  it('go through the proxy that is configured, with its login', async () => {
    const url = await serve((_, response) => void response.end('behind'));
    const seen: string[] = [];
    const proxy = createServer((request, response) => {
      seen.push(`${request.url} ${request.headers['proxy-authorization']}`);
      response.end('by proxy');
    }).on('connect', (request, socket: Socket) => {
      seen.push(`CONNECT ${request.headers['proxy-authorization']}`);
      const { port, hostname } = new URL(`http://${request.url}`);
      const through = connect(Number(port), hostname, () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        through.pipe(socket).pipe(through);
      });
    });
    const { port } = await listening(proxy);
    const { body } = await client({ HttpProxy: `u:p@127.0.0.1:${port}` }).whole(
      { url },
      { method: 'GET', path: '/' },
      10,
    );
    expect(['by proxy', 'behind']).toContain(body.toString());
    expect(seen).toEqual([expect.stringContaining(`Basic ${Buffer.from('u:p').toString('base64')}`)]);
  });

  it.each([403, 407])('say so where the proxy does not let them through (%d)', async (status) => {
    const proxy = createServer().on(
      'connect',
      (_, socket: Socket) => void socket.end(`HTTP/1.1 ${status} No\r\nContent-Length: 0\r\n\r\n`),
    );
    const { port } = await listening(proxy);
    const asked = client({ HttpProxy: `127.0.0.1:${port}` }).whole(
      { url: 'https://pacs.invalid/' },
      { method: 'GET', path: '/' },
      10,
    );
    await expect(asked).rejects.toMatchObject({
      kind: 'proxy',
      message: `The proxy lets nothing through to pacs.invalid (status ${status})`,
    });
  });

  it('log with HttpVerbose what is asked, and no secret', async () => {
    const url = await serve((_, response) => void response.end());
    const endpoint = { url, username: 'u', password: 'pass', headers: { Token: 'tok', Accept: 'own' } };
    const given = { 'Content-Type': 'b', Cookie: 'c', 'X-Api-Key': 'k', Range: 'bytes=0-1' };
    await client({ HttpVerbose: true }).whole(endpoint, { method: 'GET', path: '/a?secret', headers: given }, 0);
    expect(logged).toEqual([
      expect.objectContaining({
        method: 'GET',
        url: `${url}/a`,
        headers: {
          'content-type': 'b',
          cookie: '…',
          'x-api-key': '…',
          range: 'bytes=0-1',
          authorization: '…',
          token: '…',
          accept: '…',
        },
        status: 200,
      }),
    ]);
  });

  it('log with HttpVerbose also what gets no answer', async () => {
    const url = await serve((request) => void request.socket.destroy());
    const asked = client({ HttpVerbose: true }).whole({ url }, { method: 'GET', path: '/a' }, 0);
    await expect(asked).rejects.toMatchObject({ kind: 'broken' });
    expect(logged).toEqual([
      expect.objectContaining({
        method: 'GET',
        url: `${url}/a`,
        failure: `The connection to ${new URL(url).host} broke`,
      }),
    ]);
  });

  describe('over HTTPS', () => {
    let folder: string;
    let file: (name: string) => string;
    beforeAll(() => {
      folder = mkdtempSync(join(tmpdir(), 'annal-outgoing-'));
      file = (name) => join(folder, name);
      makeCertificates(folder);
    });
    afterAll(() => rmSync(folder, { recursive: true }));

    const secure = async (requestCert: boolean): Promise<string> => {
      const [cert, key, ca] = ['server.pem', 'server.key', 'ca.pem'].map((name) => readFileSync(file(name)));
      const options = { cert, key, ca, requestCert, rejectUnauthorized: requestCert };
      const server = createHttpsServer(options, (_, response) => void response.end('safe'));
      return `https://localhost:${(await listening(server)).port}`;
    };
    const ask = (options: object, endpoint: Endpoint): Promise<string> =>
      client(options)
        .whole(endpoint, { method: 'GET', path: '/' }, 100)
        .then(({ body }) => body.toString());

    it('trust the authority that is configured, and no other unless told so', async () => {
      const url = await secure(false);
      await expect(ask({}, { url })).rejects.toMatchObject({ kind: 'certificate' });
      expect(await ask({ HttpsCACertificates: file('ca.pem') }, { url })).toBe('safe');
      expect(await ask({ HttpsVerifyPeers: false }, { url })).toBe('safe');
      const byAddress = url.replace('localhost', '127.0.0.1');
      await expect(ask({ HttpsCACertificates: file('ca.pem') }, { url: byAddress })).rejects.toMatchObject({
        kind: 'certificate',
      });
    });

    it('show the client certificate of the endpoint, with a key that has a password or none', async () => {
      const url = await secure(true);
      const options = { HttpsCACertificates: file('ca.pem') };
      await expect(ask(options, { url })).rejects.toBeInstanceOf(OutgoingError);
      const certificateFile = file('client.pem');
      const shown = { url, certificateFile, certificateKeyFile: file('client.key') };
      expect(await ask(options, shown)).toBe('safe');
      const locked = { url, certificateFile, certificateKeyFile: file('locked.key'), certificateKeyPassword: 'pass' };
      expect(await ask(options, locked)).toBe('safe');
      for (const wrong of [
        { ...locked, certificateKeyPassword: 'no' },
        { url, certificateFile: file('none') },
      ]) {
        await expect(ask(options, wrong)).rejects.toMatchObject({ kind: 'configuration' });
      }
    });

    it('show the client certificate that is in its files now', async () => {
      const url = await secure(true);
      const [certificateFile, certificateKeyFile] = [file('changing.pem'), file('changing.key')];
      copyFileSync(file('server.pem'), certificateFile);
      copyFileSync(file('server.key'), certificateKeyFile);
      const { HttpsCACertificates, ...same } = { HttpsCACertificates: file('changing-ca.pem'), url };
      copyFileSync(file('client.pem'), HttpsCACertificates);
      const http = client({ HttpsCACertificates });
      const get = (): Promise<string> =>
        http
          .whole({ ...same, certificateFile, certificateKeyFile }, { method: 'GET', path: '/' }, 100)
          .then(({ body }) => body.toString());
      await expect(get()).rejects.toMatchObject({ kind: 'certificate' });
      copyFileSync(file('ca.pem'), HttpsCACertificates);
      expect(await get()).toBe('safe');
      copyFileSync(file('client.pem'), certificateFile);
      await expect(get()).rejects.toMatchObject({ kind: 'configuration' });
      copyFileSync(file('client.key'), certificateKeyFile);
      expect(await get()).toBe('safe');
    });
  });
});

function client(options: object = {}): OutgoingHttp {
  const { configuration, errors } = configurations.loadContent(options);
  if (!configuration) throw new Error(errors.join('\n'));
  const http = new OutgoingHttp(configuration, {
    info: (entry: object) => void logged.push(entry),
  });
  opened.push(http);
  return http;
}

async function serve(listener: RequestListener): Promise<string> {
  return `http://127.0.0.1:${(await listening(createServer(listener))).port}`;
}

/** A server that knows no HTTP. */
async function speak(answer: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createTcpServer((socket) => {
    sockets.add(socket.on('error', () => undefined));
    socket.once('data', () => answer(socket));
  });
  opened.push({ close: () => sockets.forEach((socket) => socket.destroy()) });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  opened.push({ close: () => server.close() });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function listening(server: Server): Promise<AddressInfo> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  opened.push({ close: () => (server.closeAllConnections(), server.close()) });
  return server.address() as AddressInfo;
}

async function closedPort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Writes on and on, for as long as somebody listens. */
function flood(to: Socket | ServerResponse, first: string, then: string): void {
  to.write(first);
  const more = (): void => {
    while (!to.destroyed && to.write(then));
    if (!to.destroyed) to.once('drain', more);
  };
  more();
}

/** An authority, a server at localhost and a client, the latter's key also under the password "pass". */
function makeCertificates(folder: string): void {
  const openssl = (...args: string[]): unknown => execFileSync('openssl', args, { cwd: folder, stdio: 'ignore' });
  const fresh = ['req', '-x509', '-nodes', '-newkey', 'rsa:2048', '-days', '2'];
  openssl(...fresh, '-subj', '/CN=authority', '-keyout', 'ca.key', '-out', 'ca.pem');
  const signed = ['-CA', 'ca.pem', '-CAkey', 'ca.key'];
  const server = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  openssl(...fresh, ...server, ...signed, '-keyout', 'server.key', '-out', 'server.pem');
  openssl(...fresh, '-subj', '/CN=client', ...signed, '-keyout', 'client.key', '-out', 'client.pem');
  openssl('rsa', '-aes256', '-passout', 'pass:pass', '-in', 'client.key', '-out', 'locked.key');
}
