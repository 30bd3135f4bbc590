import { createHash } from 'node:crypto';
import { type GzipPiece, gzipPiece } from './gzip-pieces.js';

/** Clients reach a server under few names. */
const BASES = 3;
/** So much is made at a time for who reaches it under another name than the one before, bytes. */
const PIECE = 256 * 1024;

/** The metadata of some instances of a series, one after the other as JSON, with the URLs of bulk data in them. */
export class MetadataBlock {
  private readonly pieces = new Map<string, { readonly made: Promise<GzipPiece>; size: number }>();

  private constructor(
    private text: Buffer,
    /** Where in the text URLs begin. */
    private cuts: Uint32Array,
    private base: string,
    /** Whether URLs are still to get the base that the first client has. */
    private isNew: boolean,
    /** How many instances. */
    readonly count: number,
    /** The key of the last instance. */
    readonly lastKey: number,
  ) {}

  /**
   * @param texts strings of bytes: UTF-8 read as Latin-1
   * @param mark stands where the base of URLs goes, and nowhere else; ASCII
   */
  static of(texts: readonly string[], mark: string, count: number, lastKey: number): MetadataBlock {
    const text = Buffer.from(texts.join(','), 'latin1');
    const found: number[] = [];
    for (let at = text.indexOf(mark); at >= 0; at = text.indexOf(mark, at + mark.length)) found.push(at);
    return new MetadataBlock(text, Uint32Array.from(found), mark, true, count, lastKey);
  }

  /** Bytes in memory. */
  get size(): number {
    let size = this.text.length + this.cuts.byteLength;
    for (const piece of this.pieces.values()) size += piece.size;
    return size;
  }

  get isEmpty(): boolean {
    return this.text.length === 0;
  }

  /**
   * The text with URLs that begin with `base`: kept with the base that was asked for first, and piece by piece as they
   * are taken for others, so that clients who make names up take no memory.
   */
  *at(base: string): Generator<Buffer, void> {
    this.settle(base);
    const { text, cuts } = this;
    if (base === this.base) {
      yield text;
      return;
    }
    let start = 0;
    for (let first = 0, next = 0; start < text.length; first = next) {
      while (next < cuts.length && cuts[next]! < start + PIECE) next += 1;
      const end = Math.min(next < cuts.length ? cuts[next]! : text.length, start + PIECE);
      // a base is never cut in two
      const whole = Math.max(end, first < next ? cuts[next - 1]! + Buffer.byteLength(this.base) : 0);
      yield this.rebased(base, start, whole, cuts.subarray(first, next));
      start = whole;
    }
  }

  /** How long the text is with URLs that begin with `base`, bytes. */
  sizeAt(base: string): number {
    this.settle(base);
    return this.text.length + this.cuts.length * (Buffer.byteLength(base) - Buffer.byteLength(this.base));
  }

  /** The same, deflated; kept for the last few bases. */
  deflatedAt(base: string): Promise<GzipPiece> {
    const known = this.pieces.get(base);
    if (known) return known.made;
    const piece = { made: gzipPiece(Buffer.concat([...this.at(base)])), size: 0 };
    this.pieces.set(base, piece);
    if (this.pieces.size > BASES) this.pieces.delete(this.pieces.keys().next().value!);
    return piece.made.then((made) => {
      piece.size = made.bytes.length;
      return made;
    });
  }

  /** Of the text without the base of its URLs. */
  digest(): string {
    const hash = createHash('sha256');
    let read = 0;
    for (const cut of this.cuts) {
      hash.update(this.text.subarray(read, cut));
      read = cut + Buffer.byteLength(this.base);
    }
    return hash.update(this.text.subarray(read)).digest('base64url');
  }

  private settle(base: string): void {
    if (!this.isNew) return;
    this.isNew = false;
    const longer = Buffer.byteLength(base) - Buffer.byteLength(this.base);
    this.text = this.rebased(base, 0, this.text.length, this.cuts);
    this.cuts = this.cuts.map((cut, index) => cut + index * longer);
    this.base = base;
  }

  /** A part of the text with another base at each of its cuts. */
  private rebased(base: string, start: number, end: number, cuts: Uint32Array): Buffer {
    const [from, to] = [Buffer.byteLength(this.base), Buffer.from(base)];
    const moved = Buffer.allocUnsafeSlow(end - start + cuts.length * (to.length - from));
    let read = start;
    let written = 0;
    for (const cut of cuts) {
      written += this.text.copy(moved, written, read, cut);
      written += to.copy(moved, written);
      read = cut + from;
    }
    this.text.copy(moved, written, read, end);
    return moved;
  }
}
