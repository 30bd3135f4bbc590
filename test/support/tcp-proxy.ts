import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** Sees what goes through one connection, and says what of it goes on. */
export interface Tap {
  fromClient(chunk: Buffer): Buffer;
  fromServer(chunk: Buffer): Buffer;
}

interface Connection {
  readonly client: Socket;
  readonly server: Socket;
  /** the server's answers have a gap */
  torn: boolean;
}

/** Stands between clients and a server on 127.0.0.1, and breaks the connection between them as a test wants. */
export class TcpProxy {
  private readonly open = new Set<Connection>();
  private mode: 'pass' | 'swallow' | 'hold' | 'refuse' = 'pass';
  private target = 0;
  private noteSwallowed: () => void = () => undefined;
  private readonly listener: Server;
  private readonly tap: (() => Tap) | undefined;

  private constructor(tap?: () => Tap) {
    this.tap = tap;
    this.listener = createServer((client) => this.accept(client));
  }

  /** Begins to listen on a free port. @param tap is asked for each connection */
  static async listen(tap?: () => Tap): Promise<TcpProxy> {
    const proxy = new TcpProxy(tap);
    await new Promise<void>((resolve) => proxy.listener.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  /** Where clients connect, as host:port. */
  get address(): string {
    return `127.0.0.1:${(this.listener.address() as AddressInfo).port}`;
  }

  /** How many clients are connected. */
  get connections(): number {
    return this.open.size;
  }

  /** The server is at this port of 127.0.0.1; without one, connections are reset. */
  forwardTo(port: number): void {
    this.target = port;
  }

  /** What clients say reaches the server, but its answers are thrown away; resolves when one has been. */
  swallowAnswers(): Promise<void> {
    this.change('swallow');
    return new Promise((resolve) => (this.noteSwallowed = resolve));
  }

  /** Keeps what either side says until `pass`; clients can still connect. */
  hold(): void {
    this.change('hold');
  }

  /** Resets all connections. */
  cut(): void {
    for (const { client, server } of [...this.open]) {
      client.resetAndDestroy();
      server.resetAndDestroy();
    }
  }

  /** Resets all connections, and new ones too until `pass`. */
  refuse(): void {
    this.change('refuse');
    this.cut();
  }

  /** Lets everything through again. Connections whose answers were swallowed are reset: what follows makes no sense. */
  pass(): void {
    this.change('pass');
    for (const { client, server } of [...this.open].filter(({ torn }) => torn)) {
      client.resetAndDestroy();
      server.resetAndDestroy();
    }
  }

  /** Resets all connections and stops listening. */
  async close(): Promise<void> {
    this.refuse();
    await new Promise((resolve) => this.listener.close(resolve));
  }

  private change(mode: TcpProxy['mode']): void {
    this.mode = mode;
    for (const { client, server } of this.open) {
      for (const socket of [client, server]) {
        if (mode === 'hold') socket.pause();
        else socket.resume();
      }
    }
  }

  private accept(client: Socket): void {
    // what is reset here is meant to be
    client.on('error', () => undefined);
    if (this.mode === 'refuse' || this.target === 0) return void client.resetAndDestroy();
    const server = connect(this.target, '127.0.0.1').on('error', () => client.resetAndDestroy());
    const connection: Connection = { client, server, torn: false };
    this.open.add(connection);
    const tap = this.tap?.();
    this.carry(client, server, (chunk) => tap?.fromClient(chunk) ?? chunk);
    this.carry(server, client, (chunk) => {
      const passed = tap?.fromServer(chunk) ?? chunk;
      if (this.mode !== 'swallow') return passed;
      connection.torn = true;
      this.noteSwallowed();
      return undefined;
    });
    client.on('close', () => {
      this.open.delete(connection);
      server.destroy();
    });
    server.on('close', () => client.destroy());
  }

  private carry(from: Socket, to: Socket, convert: (chunk: Buffer) => Buffer | undefined): void {
    from.on('data', (chunk) => {
      const passed = convert(chunk);
      if (!passed?.length || to.write(passed)) return;
      from.pause();
      to.once('drain', () => {
        if (this.mode !== 'hold') from.resume();
      });
    });
    from.on('end', () => to.end());
    // a listener for data lets it flow
    if (this.mode === 'hold') from.pause();
  }
}
