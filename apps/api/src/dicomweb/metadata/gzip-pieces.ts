import { promisify } from 'node:util';
import { constants, crc32, deflateRaw } from 'node:zlib';
import { combineCrc } from './crc-combine.js';

const deflated = promisify(deflateRaw);

/** A part of a text, deflated so that others may follow. */
export interface GzipPiece {
  readonly bytes: Buffer;
  readonly crc: number;
  /** Bytes of the text. */
  readonly size: number;
}

/** The quickest level: a text of metadata shrinks to a twentieth all the same. */
const LEVEL = constants.Z_BEST_SPEED;
const HEADER = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff]);
/** An empty block without compression, marked as the last one (RFC 1951 section 3.2.4). */
const LAST_BLOCK = Buffer.from([1, 0, 0, 0xff, 0xff]);

/** Deflates a part; a full flush ends it at a byte, and what follows does not look back. */
export async function gzipPiece(text: Buffer): Promise<GzipPiece> {
  const bytes = await deflated(text, { level: LEVEL, finishFlush: constants.Z_FULL_FLUSH });
  return { bytes, crc: crc32(text), size: text.length };
}

/** A few bytes as a block without compression. */
export function storedPiece(text: string): GzipPiece {
  const bytes = Buffer.from(text);
  const head = Buffer.alloc(5);
  head.writeUInt16LE(bytes.length, 1);
  head.writeUInt16LE(~bytes.length & 0xffff, 3);
  return { bytes: Buffer.concat([head, bytes]), crc: crc32(bytes), size: bytes.length };
}

/** Joins parts to one gzip member (RFC 1952). */
export class GzipJoin {
  static readonly overhead = HEADER.length + LAST_BLOCK.length + 8;
  private crc = 0;
  private size = 0;

  head(): Buffer {
    return HEADER;
  }

  next({ bytes, crc, size }: GzipPiece): Buffer {
    this.crc = combineCrc(this.crc, crc, size);
    this.size += size;
    return bytes;
  }

  end(): Buffer {
    const trailer = Buffer.alloc(8);
    trailer.writeUInt32LE(this.crc, 0);
    trailer.writeUInt32LE(this.size % 2 ** 32, 4);
    return Buffer.concat([LAST_BLOCK, trailer]);
  }
}
