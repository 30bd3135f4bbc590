import { CHUNK_SIZE, type ChunkCipher } from './chunk-cipher.js';

/** The stored form of all bytes of a blob, without its header. Nothing of it is the caller's. */
export function encryptAll(chunks: readonly Buffer[], cipher: ChunkCipher): Buffer[] {
  const stored: Buffer[] = [];
  let gathered: Buffer[] = [];
  let room = CHUNK_SIZE;
  let index = 0;
  for (const chunk of chunks) {
    for (let taken = 0; taken < chunk.length;) {
      if (room === 0) {
        stored.push(...cipher.encrypt(gathered, index++, false));
        gathered = [];
        room = CHUNK_SIZE;
      }
      const piece = chunk.subarray(taken, taken + room);
      gathered.push(piece);
      taken += piece.length;
      room -= piece.length;
    }
  }
  stored.push(...cipher.encrypt(gathered, index, true));
  return stored;
}
