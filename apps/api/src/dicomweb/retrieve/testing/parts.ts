/** A part of a multipart answer. */
export interface ReceivedPart {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** The parts of a multipart answer, as their lengths and the boundary say. Throws where these do not agree. */
export function receivedParts(contentType: string | null, body: Buffer): readonly ReceivedPart[] {
  const boundary = /boundary=([^;]+)$/.exec(contentType ?? '')?.[1];
  if (boundary === undefined) throw new Error(`No multipart answer: ${contentType} ${body.toString('latin1')}`);
  const parts: ReceivedPart[] = [];
  let at = 0;
  for (;;) {
    const lead = parts.length === 0 ? '' : '\r\n';
    const line = `${lead}--${boundary}`;
    if (body.toString('latin1', at, at + line.length) !== line) throw new Error(`No boundary at ${at}`);
    at += line.length;
    if (body.toString('latin1', at) === '--\r\n') return parts;
    const end = body.indexOf('\r\n\r\n', at);
    const lines = body.toString('latin1', at + 2, end).split('\r\n');
    const headers = Object.fromEntries(lines.map((each) => each.split(': ', 2))) as Record<string, string>;
    const length = Number(headers['Content-Length']);
    parts.push({ headers, body: body.subarray(end + 4, end + 4 + length) });
    at = end + 4 + length;
  }
}
