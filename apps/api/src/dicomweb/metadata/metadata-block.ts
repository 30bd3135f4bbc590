import { createHash } from 'node:crypto';
import { type GzipPiece, gzipPiece } from './gzip-pieces.js';

/** Clients reach a server under few names. */
const BASES = 3;

/** The metadata of some instances of a series, one after the other as JSON, with the URLs of bulk data in them. */
export class MetadataBlock {
  private readonly pieces = new Map<string, { readonly made: Promise<GzipPiece>; size: number }>();

  private constructor(
    private text: Buffer,
    /** Where in the text URLs begin. */
    private cuts: Uint32Array,
    private base: string,
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
    return new MetadataBlock(text, Uint32Array.from(found), mark, count, lastKey);
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

  /** The text with URLs that begin with `base`. */
  at(base: string): Buffer {
    if (base !== this.base) this.moveTo(base);
    return this.text;
  }

  /** The same, deflated; kept for the last few bases. */
  deflatedAt(base: string): Promise<GzipPiece> {
    const known = this.pieces.get(base);
    if (known) return known.made;
    const piece = { made: gzipPiece(this.at(base)), size: 0 };
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

  private moveTo(base: string): void {
    const { text, cuts } = this;
    const [from, to] = [Buffer.byteLength(this.base), Buffer.from(base)];
    const moved = Buffer.allocUnsafeSlow(text.length + cuts.length * (to.length - from));
    const movedCuts = new Uint32Array(cuts.length);
    let read = 0;
    let written = 0;
    cuts.forEach((cut, index) => {
      written += text.copy(moved, written, read, cut);
      movedCuts[index] = written;
      written += to.copy(moved, written);
      read = cut + from;
    });
    text.copy(moved, written, read);
    // answers under way keep the text that they have
    this.text = moved;
    this.cuts = movedCuts;
    this.base = base;
  }
}
