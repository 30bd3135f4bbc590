/** A part of a request: its bytes, with headers where they are not those of a DICOM file. */
export type StowPart =
  Buffer | { readonly headers: Readonly<Record<string, string>>; readonly content: Buffer | string };

const BOUNDARY = 'stow-edge';

/** The `Content-Type` of a request whose parts are of a type. */
export function stowType(type = 'application/dicom'): string {
  return `multipart/related; type="${type}"; boundary=${BOUNDARY}`;
}

/** The body of a STOW-RS request. */
export function stowBody(parts: readonly StowPart[], ending = `--${BOUNDARY}--\r\n`): Buffer {
  const chunks = parts.flatMap((part) => {
    const { headers, content } = Buffer.isBuffer(part)
      ? { headers: { 'Content-Type': 'application/dicom' }, content: part }
      : part;
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    return [Buffer.from(`--${BOUNDARY}\r\n${lines.join('')}\r\n`), Buffer.from(content as Buffer), Buffer.from('\r\n')];
  });
  return Buffer.concat([...chunks, Buffer.from(ending)]);
}
