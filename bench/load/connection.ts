import { connect, type Socket } from 'node:net';

/** An answer that was read to its end. */
export interface Answer {
  readonly status: number;
  readonly bytes: number;
  readonly text: () => string;
}

/** What a request carries: nothing, bytes, or a stream of known length. */
export type Body = Buffer | { readonly length: number; readonly chunks: Iterable<Buffer> } | undefined;

/** The server closed the connection before an answer came. */
export class Closed extends Error {}

const HEAD_END = Buffer.from('\r\n\r\n');

/**
 * One kept connection, one request at a time, as little work a request as can be: on a machine that both share, what
 * the client spends is missing to the server, and blurs the comparison.
 */
export class Connection {
  private chunks: Buffer[] = [];
  private size = 0;
  private head: Head | undefined;
  private waiting: { resolve: (answer: Answer) => void; reject: (error: Error) => void } | undefined;
  private closed = false;

  private readonly socket: Socket;
  private readonly host: string;

  private constructor(socket: Socket, host: string) {
    this.socket = socket;
    this.host = host;
    socket.setNoDelay(true);
    socket.on('data', (chunk) => this.take(chunk));
    socket.on('error', (error) => this.fail(error));
    socket.on('close', () => this.end());
  }

  static open(hostname: string, port: number): Promise<Connection> {
    return new Promise((resolve, reject) => {
      const socket = connect(port, hostname, () => resolve(new Connection(socket.off('error', reject), hostname)));
      socket.on('error', reject);
    });
  }

  /** Whether another request can be sent. */
  get usable(): boolean {
    return !this.closed;
  }

  /**
   * @param accept the media type that the answer shall have
   * @param contentType the media type of the body
   * @param encoding how the answer may be compressed
   */
  send(
    method: string,
    path: string,
    body?: Body,
    accept?: string,
    contentType?: string,
    encoding?: string,
  ): Promise<Answer> {
    const length = body ? `Content-Length: ${body.length}\r\n` : '';
    const wanted = accept === undefined ? '' : `Accept: ${accept}\r\n`;
    const packed = encoding === undefined ? '' : `Accept-Encoding: ${encoding}\r\n`;
    const type = contentType === undefined ? '' : `Content-Type: ${contentType}\r\n`;
    const head = Buffer.from(
      `${method} ${path} HTTP/1.1\r\nHost: ${this.host}\r\n${length}${wanted}${packed}${type}\r\n`,
      'latin1',
    );
    return new Promise((resolve, reject) => {
      this.waiting = { resolve, reject };
      if (body && !Buffer.isBuffer(body)) {
        this.socket.write(head);
        void this.stream(body.chunks);
        return;
      }
      this.socket.cork();
      this.socket.write(head);
      if (body) this.socket.write(body);
      this.socket.uncork();
    });
  }

  close(): void {
    this.socket.destroy();
  }

  private async stream(chunks: Iterable<Buffer>): Promise<void> {
    for (const chunk of chunks) {
      if (this.closed) return;
      if (!this.socket.write(chunk)) await new Promise((resolve) => this.socket.once('drain', resolve));
    }
  }

  private take(chunk: Buffer): void {
    this.chunks.push(chunk);
    this.size += chunk.length;
    this.head ??= this.readHead();
    const { head } = this;
    if (!head) return;
    const received = this.size - head.end;
    const content =
      head.length === undefined ? this.chunked(head) : received >= head.length ? this.rest(head) : undefined;
    if (content) this.answer(head, content);
  }

  /** An answer without a length goes on until the connection is closed. */
  private end(): void {
    const { head } = this;
    if (head?.length === Infinity) this.answer(head, this.rest(head));
    this.fail(new Closed('The connection was closed'));
  }

  private answer(head: Head, content: Buffer): void {
    const { waiting } = this;
    [this.chunks, this.size, this.head, this.waiting] = [[], 0, undefined, undefined];
    if (head.closes) this.closed = true;
    waiting?.resolve({ status: head.status, bytes: content.length, text: () => content.toString('utf8') });
  }

  private readHead(): Head | undefined {
    const bytes = this.joined();
    const end = bytes.indexOf(HEAD_END);
    if (end < 0) return undefined;
    const text = bytes.toString('latin1', 0, end);
    const length = /\r\ncontent-length: *(\d+)/i.exec(text)?.[1];
    const isChunked = /\r\ntransfer-encoding: *chunked/i.test(text);
    const closes = /\r\nconnection: *close/i.test(text);
    return {
      status: Number(text.slice(9, 12)),
      end: end + HEAD_END.length,
      length: isChunked ? undefined : Number(length ?? (closes ? Infinity : 0)),
      closes,
    };
  }

  private rest({ end }: Head): Buffer {
    return this.joined().subarray(end);
  }

  /** The content of a body in chunks once its last one is there. */
  private chunked({ end }: Head): Buffer | undefined {
    const last = this.chunks.at(-1)!;
    if (!last.subarray(-5).equals(Buffer.from('0\r\n\r\n')) && this.size - end > 5 && last.length >= 5)
      return undefined;
    const bytes = this.joined();
    const parts: Buffer[] = [];
    for (let at = end; ;) {
      const line = bytes.indexOf('\r\n', at);
      if (line < 0) return undefined;
      const length = Number.parseInt(bytes.toString('latin1', at, line), 16);
      const next = line + 2 + length + 2;
      if (next > bytes.length) return undefined;
      if (length === 0) return Buffer.concat(parts);
      parts.push(bytes.subarray(line + 2, line + 2 + length));
      at = next;
    }
  }

  private joined(): Buffer {
    if (this.chunks.length !== 1) this.chunks = [Buffer.concat(this.chunks)];
    return this.chunks[0]!;
  }

  private fail(error: Error): void {
    this.closed = true;
    this.waiting?.reject(error);
    this.waiting = undefined;
  }
}

interface Head {
  readonly status: number;
  /** Where the body begins. */
  readonly end: number;
  /** Of the body; undefined: it comes in chunks. */
  readonly length: number | undefined;
  /** Whether the server closes the connection after this answer. */
  readonly closes: boolean;
}
