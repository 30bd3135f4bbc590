import { createSecretKey, type KeyObject } from 'node:crypto';
import type { EncryptionKey } from '../config/index.js';
import { seal, unseal } from './cipher.js';

/** A patient's key as the vault keeps it. */
export interface WrappedKey {
  /** The master key around it; null: none. */
  readonly masterKey: string | null;
  readonly secret: Buffer;
}

/** A patient's key is wrapped by a master key that is not configured. */
export class NoMasterKey extends Error {
  override readonly name = 'NoMasterKey';
}

/** The master keys, which are not in the vault: the first one wraps, all of them unwrap. */
export class MasterKeys {
  private readonly keys: ReadonlyMap<string, KeyObject>;
  /** The one that wraps; null: none does. */
  readonly first: string | null;

  /** @param keys none: keys of patients are kept as they are */
  constructor(keys: readonly EncryptionKey[]) {
    this.keys = new Map(keys.map(({ id, secret }) => [id, createSecretKey(secret)]));
    this.first = keys[0]?.id ?? null;
  }

  /** @param id of the patient's key, which must be the same when it is unwrapped */
  wrap(id: string, key: KeyObject): WrappedKey {
    const secret = key.export();
    if (this.first === null) return { masterKey: null, secret };
    return { masterKey: this.first, secret: seal(this.keys.get(this.first)!, `patient key ${id}`, secret) };
  }

  /** @throws NoMasterKey; CannotOpen where the master key of that name is another one now */
  unwrap(id: string, { masterKey, secret }: WrappedKey): KeyObject {
    if (masterKey === null) return createSecretKey(secret);
    const master = this.keys.get(masterKey);
    if (!master) throw new NoMasterKey(`Keys are wrapped by the master key "${masterKey}", which is not configured`);
    return createSecretKey(unseal(master, `patient key ${id}`, secret));
  }
}
