/** A part of a multipart body (RFC 2046 section 5.1). */
export interface BodyPart {
  /** By name in small letters. */
  readonly headers: ReadonlyMap<string, string>;
  /** The bytes as they come in: to be read once. */
  readonly content: PartContent;
}

/** Ceilings of a multipart body. */
export interface MultipartLimits {
  readonly parts: number;
  /** Bytes of a part's header. */
  readonly headerSize: number;
}

/** The body is not what its `Content-Type` says. */
export class MalformedMultipart extends Error {
  override readonly name = 'MalformedMultipart';
}

/** The body has more parts, or a longer header, than a limit allows; the message names it. */
export class MultipartTooLarge extends Error {
  override readonly name = 'MultipartTooLarge';
}

const LINE_END = Buffer.from('\r\n');
const HEADER_END = Buffer.from('\r\n\r\n');
const NOTHING = Buffer.alloc(0);
const [CR, DASH] = [0x0d, 0x2d];
/** Longer than the 70 characters of RFC 2046: some clients write two UUIDs. */
const LONGEST_BOUNDARY = 256;
/** Blanks that may stand behind a boundary. */
const PADDING = 256;

/**
 * Reads the parts of a multipart body one after the other, without keeping any of it: a part's bytes are views on the
 * chunks of the body. The next part is looked for once the content of the one before was read or given up.
 */
export class MultipartReader {
  private readonly source: AsyncIterator<Buffer, unknown>;
  private readonly delimiter: Buffer;
  /** What was read and not handed out yet; the body as if a line ended before it. */
  private rest: Buffer = LINE_END;
  private current: PartContent | undefined;
  private count = 0;
  private last = false;

  /** @throws MalformedMultipart for a boundary that is missing or too long */
  constructor(
    body: AsyncIterable<Buffer>,
    boundary: string | undefined,
    private readonly limits: MultipartLimits,
  ) {
    if (boundary === undefined || boundary === '' || boundary.length > LONGEST_BOUNDARY) {
      throw new MalformedMultipart('The boundary is missing or too long');
    }
    this.source = body[Symbol.asyncIterator]();
    this.delimiter = Buffer.from(`\r\n--${boundary}`, 'latin1');
  }

  /**
   * The next part; undefined after the last one.
   * @throws MalformedMultipart where the body ends before its closing boundary, MultipartTooLarge, and what the body
   * throws
   */
  async next(): Promise<BodyPart | undefined> {
    if (this.last) return undefined;
    if (this.current) {
      await this.current.over;
      while (await this.current.skip());
      this.current = undefined;
    } else {
      // the preamble is nobody's
      while (await this.chunk());
    }
    this.last = await this.isClosing();
    if (this.last) return undefined;
    this.count += 1;
    if (this.count > this.limits.parts) throw new MultipartTooLarge(`${this.limits.parts} parts of a body`);
    const headers = await this.header();
    this.current = new PartContent(() => this.chunk());
    return { headers, content: this.current };
  }

  /** Bytes up to the next boundary; undefined once that is behind. */
  private async chunk(): Promise<Buffer | undefined> {
    for (;;) {
      const { rest, delimiter } = this;
      const at = rest.indexOf(delimiter);
      if (at === 0) {
        this.rest = rest.subarray(delimiter.length);
        return undefined;
      }
      const end = at > 0 ? at : safeEnd(rest, delimiter);
      if (end > 0) {
        this.rest = end === rest.length ? NOTHING : rest.subarray(end);
        return end === rest.length ? rest : rest.subarray(0, end);
      }
      await this.fill('The body ends before its closing boundary');
    }
  }

  /** Whether the boundary just read is the closing one; reads to the end of its line. */
  private async isClosing(): Promise<boolean> {
    while (this.rest.length < 2) await this.fill('The body ends within a boundary');
    if (this.rest[0] === DASH && this.rest[1] === DASH) return true;
    for (;;) {
      const end = this.rest.indexOf(LINE_END);
      if (end > PADDING || (end < 0 && this.rest.length > PADDING)) break;
      if (end >= 0) {
        if (/[^ \t]/.test(this.rest.toString('latin1', 0, end))) break;
        // kept: it is the first half of what ends a header, also of one without lines
        this.rest = this.rest.subarray(end);
        return false;
      }
      await this.fill('The body ends within a boundary');
    }
    throw new MalformedMultipart('Something stands behind a boundary');
  }

  private async header(): Promise<ReadonlyMap<string, string>> {
    const { headerSize } = this.limits;
    for (;;) {
      const end = this.rest.indexOf(HEADER_END);
      if (end > headerSize || (end < 0 && this.rest.length > headerSize + HEADER_END.length)) {
        throw new MultipartTooLarge(`${headerSize} bytes of a part's header`);
      }
      if (end >= 0) {
        const lines = this.rest.toString('latin1', 0, end);
        this.rest = this.rest.subarray(end + LINE_END.length);
        // a part without content ends with its header's last line
        if (!this.rest.subarray(0, this.delimiter.length).equals(this.delimiter)) {
          this.rest = this.rest.subarray(LINE_END.length);
        }
        return parseHeader(lines);
      }
      await this.fill("The body ends within a part's header");
    }
  }

  private async fill(otherwise: string): Promise<void> {
    const next = await this.source.next();
    if (next.done) throw new MalformedMultipart(otherwise);
    this.rest = this.rest.length === 0 ? next.value : Buffer.concat([this.rest, next.value]);
  }
}

/** The bytes of a part. Whoever does not read them to their end gives them up by `return`. */
export class PartContent implements AsyncIterable<Buffer>, AsyncIterator<Buffer, undefined> {
  /** Resolves when nobody wants more of it. */
  readonly over: Promise<void>;
  private finish!: () => void;
  private ended = false;

  constructor(private readonly read: () => Promise<Buffer | undefined>) {
    this.over = new Promise((resolve) => (this.finish = resolve));
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<Buffer, undefined>> {
    const value = await this.skip();
    return value ? { done: false, value } : { done: true, value };
  }

  return(): Promise<IteratorResult<Buffer, undefined>> {
    this.finish();
    return Promise.resolve({ done: true, value: undefined });
  }

  /** The next bytes, for the reader of the whole body too. */
  async skip(): Promise<Buffer | undefined> {
    if (this.ended) return undefined;
    try {
      const value = await this.read();
      if (!value) this.end();
      return value;
    } catch (error) {
      this.end();
      throw error;
    }
  }

  private end(): void {
    this.ended = true;
    this.finish();
  }
}

/** Up to where bytes are surely no beginning of a delimiter. */
function safeEnd(bytes: Buffer, delimiter: Buffer): number {
  const from = Math.max(0, bytes.length - delimiter.length + 1);
  for (let at = bytes.indexOf(CR, from); at >= 0; at = bytes.indexOf(CR, at + 1)) {
    if (bytes.compare(delimiter, 0, bytes.length - at, at) === 0) return at;
  }
  return bytes.length;
}

function parseHeader(lines: string): ReadonlyMap<string, string> {
  const headers = new Map<string, string>();
  for (const line of lines.split('\r\n')) {
    const colon = line.indexOf(':');
    if (colon > 0) headers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
  }
  return headers;
}
