import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { CannotListen, expectFree } from './listening.js';

describe('a port that processes are about to share', () => {
  let other: Server;
  let port: number;

  beforeEach(async () => {
    other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    ({ port } = other.address() as { port: number });
  });

  afterEach(() => {
    other.close();
  });

  it('is refused by its number, and with the way out, where another one listens', async () => {
    const refused = expectFree(port, 0);

    await expect(refused).rejects.toThrow(CannotListen);
    await expect(refused).rejects.toThrow(`Port ${port} is in use: stop what listens there, or set another "HttpPort"`);
  });

  it('is waited for while the one who listens is about to end', async () => {
    await expect(expectFree(port, 0)).rejects.toThrow(CannotListen);
    const free = expectFree(port);

    other.close();

    await expect(free).resolves.toBeUndefined();
  });

  it('is free for others once it was found to be', async () => {
    other.close();
    await expectFree(port);

    other = createServer().listen(port, '127.0.0.1');

    await expect(once(other, 'listening')).resolves.toBeDefined();
  });
});
