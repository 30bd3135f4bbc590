import type { ByteRange } from '@annal/dicom';

/** A range may begin so many bytes before the end of the one before: frames may begin in the midst of a number. */
const OVERLAP = 8;

/** Reads ranges that follow each other of what can be read from its beginning only. */
export class ForwardReader {
  private held: Buffer = Buffer.alloc(0);

  /** @param at where in the file the first of the bytes is */
  constructor(
    private readonly chunks: AsyncGenerator<Buffer, void>,
    private at: number,
  ) {}

  /** The bytes of a range; fewer where they end before. */
  async read({ o, n }: ByteRange): Promise<Buffer> {
    if (o < this.at) throw new RangeError('What was read before is gone');
    const parts: Buffer[] = [];
    for (let next = o; next < o + n;) {
      const part = this.held.subarray(next - this.at, o + n - this.at);
      parts.push(part);
      next += part.length;
      if (part.length === 0 && !(await this.hold())) break;
    }
    return Buffer.concat(parts);
  }

  /** Reads no more. */
  async close(): Promise<void> {
    await this.chunks.return();
  }

  private async hold(): Promise<boolean> {
    const { value, done } = await this.chunks.next();
    if (done) return false;
    const kept = this.held.subarray(-OVERLAP);
    this.at += this.held.length - kept.length;
    this.held = Buffer.concat([kept, value]);
    return true;
  }
}
