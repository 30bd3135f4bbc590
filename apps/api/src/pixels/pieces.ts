import { Readable } from 'node:stream';

/** A part of a file that is put together: its bytes, or where they come from. */
export type Piece = Buffer | { readonly size: number; readonly open: () => Promise<Readable> };

/** The bytes of all pieces. */
export function sizeOf(pieces: readonly Piece[]): number {
  return pieces.reduce((sum, piece) => sum + (Buffer.isBuffer(piece) ? piece.length : piece.size), 0);
}

/** The pieces one after the other. Each is opened when its turn comes. */
export function streamOf(pieces: readonly Piece[]): Readable {
  return Readable.from(bytesOf(pieces), { objectMode: false });
}

async function* bytesOf(pieces: readonly Piece[]): AsyncGenerator<Buffer, void> {
  for (const piece of pieces) {
    if (Buffer.isBuffer(piece)) yield piece;
    else yield* (await piece.open()) as AsyncIterable<Buffer>;
  }
}
