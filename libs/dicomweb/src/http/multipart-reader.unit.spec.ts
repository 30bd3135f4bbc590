import fc from 'fast-check';
import { MalformedMultipart, MultipartReader, MultipartTooLarge } from './multipart-reader.js';

const LIMITS = { parts: 100, headerSize: 1000 };

async function* chunked(bytes: Buffer, size: number): AsyncGenerator<Buffer, void> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

interface Read {
  readonly headers: Readonly<Record<string, string>>;
  readonly content: Buffer;
}

async function readAll(body: Buffer | string, boundary = 'X', size = 7, limits = LIMITS): Promise<Read[]> {
  const reader = new MultipartReader(chunked(Buffer.from(body as string), size), boundary, limits);
  const parts: Read[] = [];
  for (let part = await reader.next(); part; part = await reader.next()) {
    const chunks: Buffer[] = [];
    for await (const chunk of part.content) chunks.push(chunk);
    parts.push({ headers: Object.fromEntries(part.headers), content: Buffer.concat(chunks) });
  }
  return parts;
}

const texts = (parts: readonly Read[]): string[] => parts.map(({ content }) => content.toString('latin1'));

describe('the parts of a multipart body', () => {
  it('are the same however the body is cut, whatever they hold', async () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 40 }).map((array) => Buffer.from(array)),
      fc.constantFrom('\r', '\r\n', '\r\n-', '\r\n--', '--X', '\r\n--x', '\r\n\r\n--').map((text) => Buffer.from(text)),
    );
    const content = fc.array(bytes, { maxLength: 5 }).map((pieces) => Buffer.concat(pieces));
    await fc.assert(
      fc.asyncProperty(fc.array(content, { maxLength: 4 }), fc.integer({ min: 1, max: 50 }), async (parts, size) => {
        const body = parts.flatMap((part) => [Buffer.from('\r\n--XYZ\r\nA: b\r\n\r\n'), part]);
        const whole = Buffer.concat([...body, Buffer.from('\r\n--XYZ--\r\n')]);
        const read = await readAll(whole, 'XYZ', size);
        expect(read.map((part) => part.content)).toEqual(parts);
      }),
    );
  });

  it('have headers by their names in small letters', async () => {
    const [part] = await readAll(
      '--X\r\nContent-TYPE:  application/dicom \r\nContent-Location: a:b\r\n\r\nbody\r\n--X--',
    );
    expect(part!.headers).toEqual({ 'content-type': 'application/dicom', 'content-location': 'a:b' });
  });

  it('may lack headers, or content, or both', async () => {
    const read = await readAll('--X\r\n\r\nA\r\n--X\r\nB: 1\r\n\r\n\r\n--X\r\nC: 2\r\n\r\n--X\r\n\r\n--X--');
    expect(texts(read)).toEqual(['A', '', '', '']);
  });

  it('stand between a preamble and an epilogue, which are passed over', async () => {
    expect(
      texts(await readAll('hello\r\n--Y\r\n--X \t\r\n\r\nA\r\n--X--\r\n--X\r\n\r\nB', 'X', 3)).slice(0, 1),
    ).toEqual(['A']);
  });

  it('may be multipart bodies themselves', async () => {
    const inner = '--inner\r\n\r\nA\r\n--inner--\r\n';
    expect(texts(await readAll(`--X\r\n\r\n${inner}\r\n--X--`))).toEqual([inner]);
  });

  it('that nobody reads to the end are passed over', async () => {
    const reader = new MultipartReader(
      chunked(Buffer.from('--X\r\n\r\nAAAAAAAA\r\n--X\r\n\r\nB\r\n--X--'), 3),
      'X',
      LIMITS,
    );
    const first = await reader.next();
    await first!.content.next();
    void first!.content.return();
    const second = await reader.next();
    expect((await second!.content.next()).value!.toString()).toBe('B');
    void second!.content.return();
    expect(await reader.next()).toBeUndefined();
    expect(await reader.next()).toBeUndefined();
  });

  it.each(['', 'no boundary', '--X', '--X\r\nA: b', '--X\r\n\r\nA', '--X\r\n\r\nA\r\n--X', '--X\r\n\r\nA\r\n--'])(
    'are not all there in %j',
    async (body) => {
      await expect(readAll(body)).rejects.toThrow(MalformedMultipart);
    },
  );

  it.each([undefined, '', 'b'.repeat(257)])('need a boundary other than %s', (boundary) => {
    expect(() => new MultipartReader(chunked(Buffer.alloc(0), 1), boundary, LIMITS)).toThrow(MalformedMultipart);
  });

  it('are limited in number', async () => {
    const body = (count: number): string => `${'--X\r\n\r\nA\r\n'.repeat(count)}--X--`;
    expect(await readAll(body(100), 'X', 100)).toHaveLength(100);
    await expect(readAll(body(101), 'X', 100)).rejects.toThrow(new MultipartTooLarge('100 parts of a body'));
  });

  it('are limited in their headers, also in those that never end', async () => {
    expect(await readAll(`--X\r\nA: ${'b'.repeat(900)}\r\n\r\n\r\n--X--`, 'X', 100)).toHaveLength(1);
    let sent = 0;
    async function* endless(): AsyncGenerator<Buffer, void> {
      yield Buffer.from('--X\r\n');
      for (;;) {
        sent += 100;
        yield Buffer.from('A: b\r\n'.repeat(20));
      }
    }
    await expect(new MultipartReader(endless(), 'X', LIMITS).next()).rejects.toThrow(MultipartTooLarge);
    expect(sent).toBeLessThan(2000);
  });
});
