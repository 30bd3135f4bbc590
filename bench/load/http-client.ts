import { type Answer, Closed, Connection } from './connection.js';

/** Connections to one server that are kept open from request to request. */
export class HttpClient {
  private readonly free: Connection[] = [];
  private readonly base: URL;

  constructor(url: string) {
    this.base = new URL(url);
  }

  /** Sends a request, again where the server closed a connection that was used before. @throws when the answer is not 200 */
  async send(...[method, path, ...rest]: Parameters<Connection['send']>): Promise<Answer> {
    for (;;) {
      const kept = this.free.pop();
      const connection = kept ?? (await Connection.open(this.base.hostname, Number(this.base.port)));
      try {
        const answer = await connection.send(method, path, ...rest);
        if (connection.usable) this.free.push(connection);
        else connection.close();
        if (answer.status === 200) return answer;
        throw new Error(`${method} ${path} answers ${answer.status}: ${answer.text().slice(0, 300)}`);
      } catch (error) {
        if (!kept || !isClosed(error)) throw error;
      }
    }
  }

  close(): void {
    for (const connection of this.free) connection.close();
  }
}

function isClosed(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return error instanceof Closed || code === 'ECONNRESET' || code === 'EPIPE';
}
