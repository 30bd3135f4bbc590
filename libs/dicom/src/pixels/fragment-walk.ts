import { type ByteRange } from '../header/model.js';
import { ITEM, SEQUENCE_DELIMITER, UNDEFINED_LENGTH } from '../tokenizer/element-header.js';
import { PixelDataError } from './errors.js';

/** Gives the bytes of a range; fewer where the file ends before. */
export type ReadRange = (range: ByteRange) => Promise<Buffer>;

/** A fragment: where its content stands, and how that begins. */
export interface WalkedFragment extends ByteRange {
  /** Its first bytes, at most `START_LENGTH`. */
  readonly start: Buffer;
}

/** So many bytes of a fragment tell what it begins with. */
export const START_LENGTH = 4;
/** Bytes of an item's header (PS3.5 section 7.5). */
export const ITEM_HEADER_LENGTH = 8;
/** Read at once: where fragments are small, several headers at a time. */
const WINDOW = 16 * 1024;

function breakOff(): never {
  throw new PixelDataError('location', 'The fragments of the pixel data break off');
}

/**
 * Goes from item to item of encapsulated pixel data (PS3.5 section A.4), reading little more than their headers.
 * Always little endian.
 */
export class FragmentWalk {
  private window: Buffer = Buffer.alloc(0);
  private windowStart = 0;

  /**
   * @param position where the first item's header stands
   * @param end where the last fragment ends, or later
   */
  constructor(
    private readonly read: ReadRange,
    private position: number,
    private readonly end: number,
  ) {}

  /** Where the next item's header stands. */
  get at(): number {
    return this.position;
  }

  /** The next fragment; undefined at the end. @throws PixelDataError `location` */
  async next(): Promise<WalkedFragment | undefined> {
    const head = await this.bytes(this.position, ITEM_HEADER_LENGTH + START_LENGTH);
    if (head.length < ITEM_HEADER_LENGTH) breakOff();
    const tag = head.readUInt16LE(0) * 0x10000 + head.readUInt16LE(2);
    const n = head.readUInt32LE(4);
    if (tag === SEQUENCE_DELIMITER) return undefined;
    if (tag !== ITEM || n === UNDEFINED_LENGTH) {
      throw new PixelDataError('location', 'The pixel data has something else than fragments');
    }
    const o = this.position + ITEM_HEADER_LENGTH;
    if (o + n > this.end) breakOff();
    this.position = o + n;
    return { o, n, start: head.subarray(ITEM_HEADER_LENGTH, ITEM_HEADER_LENGTH + Math.min(n, START_LENGTH)) };
  }

  private async bytes(start: number, length: number): Promise<Buffer> {
    const from = start - this.windowStart;
    if (from < 0 || from + length > this.window.length) {
      this.window = await this.read({ o: start, n: WINDOW });
      this.windowStart = start;
    }
    return this.window.subarray(start - this.windowStart, start - this.windowStart + length);
  }
}
