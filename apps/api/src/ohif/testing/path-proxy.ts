import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A reverse proxy that shows a server below a path of its own, as hospitals have it. */
export interface PathProxy {
  /** With the path, without a slash at the end. */
  readonly url: string;
  close(): Promise<void>;
}

/** @param path e.g. `/imaging/pacs`. @param target the server's port on this machine */
export async function startPathProxy(path: string, target: number): Promise<PathProxy> {
  const server: Server = createServer((incoming, outgoing) => {
    const { url = '', method, headers } = incoming;
    if (!url.startsWith(`${path}/`)) {
      outgoing.writeHead(404).end();
      return;
    }
    const forwarded = { ...headers, 'x-forwarded-host': headers.host, 'x-forwarded-proto': 'http' };
    const passed = request(
      { host: '127.0.0.1', port: target, path: url.slice(path.length), method, headers: forwarded },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
        answer.pipe(outgoing);
      },
    );
    passed.once('error', () => outgoing.destroy());
    outgoing.once('close', () => passed.destroy());
    incoming.pipe(passed);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
