import { connect } from 'node:net';

/** An answer as it came over the wire. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Sends a request as it stands, which no HTTP client would do, and reads the answer until the server closes. */
export async function rawRequest(
  port: number,
  requestLine: string,
  headers: readonly string[] = [],
  body: string | Buffer = '',
): Promise<RawAnswer> {
  const length = body.length > 0 || /^(POST|PUT)/.test(requestLine) ? [`Content-Length: ${body.length}`] : [];
  const lines = [requestLine, 'Host: 127.0.0.1', 'Connection: close', ...length, ...headers];
  return parseAnswer(await exchange(port, [`${lines.join('\r\n')}\r\n\r\n`, body]));
}

/** Sends bytes and reads until the server closes the connection. */
export async function exchange(port: number, parts: readonly (string | Buffer)[]): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  for (const part of parts) socket.write(part);
  const chunks: Buffer[] = [];
  await new Promise<void>((resolve) => {
    socket.on('data', (chunk) => chunks.push(chunk));
    // a reset after the answer is how a server refuses the rest of a request
    socket.on('error', () => undefined);
    socket.on('close', () => resolve());
  });
  return Buffer.concat(chunks).toString('latin1');
}

/** Takes an answer apart. */
export function parseAnswer(text: string): RawAnswer {
  const end = text.indexOf('\r\n\r\n');
  const [statusLine = '', ...lines] = text.slice(0, end).split('\r\n');
  const headers = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
  );
  return { status: Number(statusLine.split(' ')[1]), headers, body: text.slice(end + 4) };
}
