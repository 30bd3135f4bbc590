import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject } from 'node:crypto';
import { BlobUnreadable } from '@annal/domain';

/** Plain bytes of a chunk; the last one of a blob has fewer, or as many. */
export const CHUNK_SIZE = 64 * 1024;
/** Bytes by which a stored chunk is longer. */
export const TAG_SIZE = 16;
/** Bytes of a whole chunk as it is stored. */
export const STORED_CHUNK_SIZE = CHUNK_SIZE + TAG_SIZE;
const NONCE_SIZE = 12;

/**
 * Encrypts the chunks of one blob, each by itself, with AES-256-GCM (NIST SP 800-38D). The nonce is the chunk's number
 * and whether it is the last: no chunk can be moved, left out or cut off unseen. The key is this blob's alone, so no
 * nonce comes twice.
 */
export class ChunkCipher {
  private readonly key: KeyObject;

  /** @param header of the blob, authenticated with every chunk */
  constructor(
    key: Buffer,
    private readonly header: Buffer,
  ) {
    this.key = createSecretKey(key);
  }

  /** The stored form of a chunk, in pieces: none of them is the caller's. */
  encrypt(plain: readonly Buffer[], index: number, isLast: boolean): Buffer[] {
    const cipher = createCipheriv('aes-256-gcm', this.key, nonce(index, isLast)).setAAD(this.header);
    const stored = plain.map((piece) => cipher.update(piece));
    cipher.final();
    return [...stored, cipher.getAuthTag()];
  }

  /** @throws BlobUnreadable where the bytes are not those that were stored there */
  decrypt(stored: Buffer, index: number, isLast: boolean): Buffer {
    if (stored.length < TAG_SIZE) throw tampered();
    const decipher = createDecipheriv('aes-256-gcm', this.key, nonce(index, isLast), { authTagLength: TAG_SIZE });
    decipher.setAAD(this.header).setAuthTag(stored.subarray(stored.length - TAG_SIZE));
    const plain = decipher.update(stored.subarray(0, stored.length - TAG_SIZE));
    try {
      decipher.final();
    } catch {
      throw tampered();
    }
    return plain;
  }
}

function nonce(index: number, isLast: boolean): Buffer {
  const bytes = Buffer.alloc(NONCE_SIZE);
  bytes.writeUInt32BE(index, NONCE_SIZE - 5);
  bytes[NONCE_SIZE - 1] = isLast ? 1 : 0;
  return bytes;
}

/** What is thrown where a blob was changed. */
export function tampered(): BlobUnreadable {
  return new BlobUnreadable('The bytes of the encrypted blob are not those that were written');
}
