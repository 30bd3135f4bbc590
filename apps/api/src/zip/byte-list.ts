const BLOCK = 256 * 1024;

/** Many short runs of bytes, kept together in blocks: a buffer of its own for each would take more than the bytes. */
export class ByteList {
  private readonly full: Buffer[] = [];
  private block = Buffer.alloc(0);
  private used = 0;

  /** How many bytes there are. */
  length = 0;

  add(bytes: Buffer): void {
    if (this.used + bytes.length > this.block.length) {
      if (this.used > 0) this.full.push(this.block.subarray(0, this.used));
      this.block = Buffer.allocUnsafe(Math.max(BLOCK, bytes.length));
      this.used = 0;
    }
    bytes.copy(this.block, this.used);
    this.used += bytes.length;
    this.length += bytes.length;
  }

  /** The bytes in order. */
  *blocks(): Generator<Buffer, void> {
    yield* this.full;
    if (this.used > 0) yield this.block.subarray(0, this.used);
  }
}
