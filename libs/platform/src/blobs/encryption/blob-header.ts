import { BlobUnreadable } from '@annal/domain';

/**
 * What an encrypted blob begins with, 128 bytes: 8 bytes that tell it from other files, version (1), length of the key's
 * identifier, the identifier (32), what the key is checked by (16), salt (32), zeros.
 */
export interface BlobHeader {
  readonly keyId: string;
  /** Tells whether a key is the one of this name. */
  readonly keyCheck: Buffer;
  /** Makes the key of this blob of the named one. */
  readonly salt: Buffer;
}

/** Bytes. */
export const HEADER_SIZE = 128;
export const KEY_CHECK_SIZE = 16;
export const SALT_SIZE = 32;
const MAGIC = Buffer.from('\x89ANLE\r\n\x1a', 'latin1');
const VERSION = 1;
const KEY_ID_SIZE = 32;
const AT = { version: 8, keyIdLength: 9, keyId: 10, keyCheck: 42, salt: 58, zeros: 90 } as const;

/** Whether bytes begin as an encrypted blob does. */
export function isEncrypted(bytes: Buffer): boolean {
  return bytes.length >= HEADER_SIZE && bytes.subarray(0, MAGIC.length).equals(MAGIC);
}

/** The bytes of a header. The identifier has at most 32 bytes. */
export function encodeHeader({ keyId, keyCheck, salt }: BlobHeader): Buffer {
  const bytes = Buffer.alloc(HEADER_SIZE);
  MAGIC.copy(bytes);
  bytes[AT.version] = VERSION;
  bytes[AT.keyIdLength] = bytes.write(keyId, AT.keyId, KEY_ID_SIZE, 'latin1');
  keyCheck.copy(bytes, AT.keyCheck);
  salt.copy(bytes, AT.salt);
  return bytes;
}

/** @throws BlobUnreadable where a newer release wrote it, or it was changed */
export function decodeHeader(bytes: Buffer): BlobHeader {
  const length = bytes[AT.keyIdLength]!;
  if (bytes[AT.version] !== VERSION)
    throw new BlobUnreadable('The blob is encrypted in a way this release cannot read');
  if (length > KEY_ID_SIZE) throw new BlobUnreadable('The beginning of the encrypted blob was changed');
  return {
    keyId: bytes.toString('latin1', AT.keyId, AT.keyId + length),
    keyCheck: bytes.subarray(AT.keyCheck, AT.keyCheck + KEY_CHECK_SIZE),
    salt: bytes.subarray(AT.salt, AT.salt + SALT_SIZE),
  };
}
