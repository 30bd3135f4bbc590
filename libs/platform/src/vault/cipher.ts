import {
  createCipheriv,
  createDecipheriv,
  createSecretKey,
  type KeyObject,
  randomBytes,
  randomFillSync,
} from 'node:crypto';

/** Bytes of a key. */
const KEY_SIZE = 32;
/** As NIST SP 800-38D section 8.2.2 has them: chosen at random, so that one key serves 2^32 messages. */
const NONCE_SIZE = 12;
const TAG_SIZE = 16;
/** Drawn at once: asking for one costs as much as for all of these. */
const NONCES = 128;

const drawn = Buffer.alloc(NONCES * NONCE_SIZE);
let used = drawn.length;

/** A new key. Node takes four times as long with one that is bytes. */
export function newKey(): KeyObject {
  return createSecretKey(randomBytes(KEY_SIZE));
}

/** What was sealed was altered, or with another key, or as something else. */
export class CannotOpen extends Error {
  override readonly name = 'CannotOpen';
}

/**
 * Encrypts and authenticates with AES-256-GCM (NIST SP 800-38D).
 * @param purpose must be the same when it is opened
 * @returns nonce (12 bytes), ciphertext, tag (16 bytes)
 */
export function seal(key: KeyObject, purpose: string, plain: Buffer): Buffer {
  const sealed = Buffer.allocUnsafe(NONCE_SIZE + plain.length + TAG_SIZE);
  const nonce = drawNonce(sealed.subarray(0, NONCE_SIZE));
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_SIZE });
  cipher.setAAD(Buffer.from(purpose));
  cipher.update(plain).copy(sealed, NONCE_SIZE);
  cipher.final();
  cipher.getAuthTag().copy(sealed, NONCE_SIZE + plain.length);
  return sealed;
}

/** Fills a buffer with random bytes that no other nonce has. */
function drawNonce(nonce: Buffer): Buffer {
  if (used === drawn.length) {
    randomFillSync(drawn);
    used = 0;
  }
  drawn.copy(nonce, 0, used, (used += NONCE_SIZE));
  return nonce;
}

/** Decrypts what {@link seal} made. @throws CannotOpen */
export function unseal(key: KeyObject, purpose: string, sealed: Buffer): Buffer {
  const end = sealed.length - TAG_SIZE;
  if (end < NONCE_SIZE) throw new CannotOpen('What was sealed is cut off');
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE_SIZE), { authTagLength: TAG_SIZE });
  decipher.setAAD(Buffer.from(purpose));
  decipher.setAuthTag(sealed.subarray(end));
  const plain = decipher.update(sealed.subarray(NONCE_SIZE, end));
  try {
    decipher.final();
  } catch (error) {
    throw new CannotOpen('What was sealed was altered, or with another key', { cause: error });
  }
  return plain;
}
