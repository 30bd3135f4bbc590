import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { expectReachable } from './reachable.js';
import { openTestDatabase } from './testing/test-database.js';

describe('a database given by URL', () => {
  let listener: Server;
  const sockets: Socket[] = [];
  let port: number;
  beforeEach(async () => {
    listener = createServer((socket) => sockets.push(socket.on('error', () => undefined)));
    listener.listen(0, '127.0.0.1');
    await once(listener, 'listening');
    ({ port } = listener.address() as AddressInfo);
  });
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
    if (listener.listening) await once(listener.close(), 'close');
  });
  const at = (host: string): { connectionString: string } => ({
    connectionString: `postgres://annal:secret@${host}/annal`,
  });
  const refusal = async (url: { connectionString: string }, patience = 60_000): Promise<string> => {
    const error: unknown = await expectReachable(url, patience).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ name: 'DatabaseUnreachable' });
    expect((error as Error).message).not.toContain('secret');
    return (error as Error).message;
  };

  it('that answers is fine', async () => {
    const database = await openTestDatabase();
    try {
      await expectReachable(database.connection);
    } finally {
      await database.close();
    }
  });

  it('that takes connections and says nothing does not answer', async () => {
    expect(await refusal(at(`127.0.0.1:${port}`), 200)).toBe(
      `The database at 127.0.0.1:${port} does not answer: nothing came for 0.2 s. ` +
        'Start PostgreSQL there, or correct "Annal.Database.Url"',
    );
  });

  it('that is not there does not answer, by whatever name it is called', async () => {
    await once(listener.close(), 'close');
    for (const host of ['127.0.0.1', 'localhost']) {
      expect(await refusal(at(`${host}:${port}`))).toContain(
        `The database at ${host}:${port} does not answer: nothing listens there. Start`,
      );
    }
    expect(await refusal(at('no-such-host.invalid:5432'))).toContain('at no-such-host.invalid:5432 does not answer');
    expect(await refusal(at(`[::1]:${port}`))).toContain(`at [::1]:${port} does not answer`);
  });

  it('that speaks no TLS, though the URL asks for it, cannot be used', async () => {
    listener.on('connection', (socket: Socket) => socket.write('N'));
    const { connectionString } = at(`127.0.0.1:${port}`);
    expect(await refusal({ connectionString: `${connectionString}?sslmode=verify-full` })).toMatch(
      /cannot be used: .*SSL/,
    );
  });

  it('that hangs up does not answer', async () => {
    listener.on('connection', (socket: Socket) => socket.destroy());
    expect(await refusal(at(`127.0.0.1:${port}`))).toContain(`at 127.0.0.1:${port} does not answer`);
  });

  it('that lets nobody in under this name says so itself', async () => {
    const database = await openTestDatabase();
    try {
      const url = new URL(database.url);
      url.pathname = '/not_there';
      expect(await refusal({ connectionString: url.href })).toMatch(
        /^The database at \S+:\d+ cannot be used: .*not_there.*\. Change that there, or correct "Annal.Database.Url"$/,
      );
    } finally {
      await database.close();
    }
  });
});
