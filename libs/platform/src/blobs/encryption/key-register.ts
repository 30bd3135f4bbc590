import { BlobMissing, type BlobStore } from '@annal/domain';
import type { KeyRing } from './key-ring.js';

/** Where a store with encrypted blobs says with which keys: a blob itself, not encrypted, and no instance's. */
export const KEY_REGISTER = '00000000-0000-7000-8000-000000000000.keys';

interface Register {
  readonly version: 1;
  /** What each key is checked by, by identifier. */
  readonly keys: Readonly<Record<string, string>>;
}

const OPTION = 'Annal.Storage.Encryption.Keys';

/**
 * Makes sure that every key a store was ever encrypted with is there and is the same, and notes new ones.
 * @param store as it is beneath the encryption
 * @param keys undefined where none are configured
 * @param writes whether new ones may be noted
 * @throws Error that names the key to configure
 */
export async function checkKeys(store: BlobStore, keys: KeyRing | undefined, writes = true): Promise<void> {
  const known = await readRegister(store);
  const present = keys?.checks() ?? new Map<string, string>();
  for (const [id, check] of Object.entries(known)) {
    const found = present.get(id);
    if (found === undefined) {
      throw new Error(`${OPTION}: files are encrypted with the key "${id}", which is not there. Add it again`);
    }
    if (found !== check) {
      throw new Error(
        `${OPTION}: the key "${id}" is not the one that files are encrypted with. Put that one back, and give a new key an Id of its own`,
      );
    }
  }
  if (!writes || [...present.keys()].every((id) => id in known)) return;
  const register: Register = { version: 1, keys: { ...known, ...Object.fromEntries(present) } };
  await store.remove(KEY_REGISTER);
  await store.put(KEY_REGISTER, [Buffer.from(JSON.stringify(register))]);
}

async function readRegister(store: BlobStore): Promise<Register['keys']> {
  try {
    return (JSON.parse((await store.read(KEY_REGISTER)).toString()) as Register).keys;
  } catch (error) {
    if (error instanceof BlobMissing) return {};
    throw error;
  }
}
