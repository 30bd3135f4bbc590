import { createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import { BlobUnreadable } from '@annal/domain';
import { type EncryptionKey } from '../../config/index.js';
import { type BlobHeader, KEY_CHECK_SIZE, SALT_SIZE } from './blob-header.js';

interface RingKey extends EncryptionKey {
  readonly check: Buffer;
}

/** The keys of an archive: the first one encrypts, all of them decrypt. None encrypts anything itself. */
export class KeyRing {
  private readonly keys: ReadonlyMap<string, RingKey>;
  private readonly first: RingKey;

  /** @param keys at least one */
  constructor(keys: readonly EncryptionKey[]) {
    this.keys = new Map(keys.map((key) => [key.id, { ...key, check: checkOf(key) }]));
    this.first = this.keys.get(keys[0]!.id)!;
  }

  /** The header of a new blob. */
  newHeader(): BlobHeader {
    return { keyId: this.first.id, keyCheck: this.first.check, salt: randomBytes(SALT_SIZE) };
  }

  /**
   * The key of one blob: HKDF (RFC 5869) with SHA-256 of the named key, the salt and the blob's name, so that a blob
   * cannot stand in for another one.
   * @throws BlobUnreadable where the key is not there, or is another one
   */
  keyOf({ keyId, keyCheck, salt }: BlobHeader, blob: string): Buffer {
    const key = this.keys.get(keyId);
    if (!key) throw new BlobUnreadable(`The blob is encrypted with the key "${keyId}", which is not configured`);
    if (!timingSafeEqual(key.check, keyCheck)) {
      throw new BlobUnreadable(`The blob is encrypted with another key than the one that is called "${keyId}" now`);
    }
    return Buffer.from(hkdfSync('sha256', key.secret, salt, `annal blob v1 ${blob}`, 32));
  }

  /** What each key is checked by, by identifier. Says nothing of the keys. */
  checks(): ReadonlyMap<string, string> {
    return new Map([...this.keys.values()].map(({ id, check }) => [id, check.toString('hex')]));
  }
}

function checkOf({ secret }: EncryptionKey): Buffer {
  return createHmac('sha256', secret).update('annal key check v1').digest().subarray(0, KEY_CHECK_SIZE);
}
