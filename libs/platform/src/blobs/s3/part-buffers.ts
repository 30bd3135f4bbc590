/**
 * Memory for parts on their way to S3, used again and again: parts come and go faster than memory of this size is
 * collected.
 */
export class PartBuffers {
  private readonly spare: Buffer[] = [];
  private used = 0;

  /**
   * @param size of each, bytes
   * @param spares how many are kept, while any is used
   */
  constructor(
    readonly size: number,
    private readonly spares: number,
  ) {}

  /** A buffer with whatever was in it. */
  take(): Buffer {
    this.used += 1;
    return this.spare.pop() ?? Buffer.allocUnsafeSlow(this.size);
  }

  /** Nobody may use it any more. */
  giveBack(buffer: Buffer): void {
    this.used -= 1;
    if (this.spare.length < this.spares) this.spare.push(buffer);
    if (this.used === 0) this.spare.length = 0;
  }
}
