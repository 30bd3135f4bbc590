import { readFileSync } from 'node:fs';
import { type AnnalConfiguration } from './configuration.js';
import { reason } from './source/files.js';
import type { EncryptionKeyOptions } from './types/encryption-key.js';

/** A key of 32 bytes that DICOM files, or other keys, are encrypted with. */
export interface EncryptionKey {
  readonly id: string;
  readonly secret: Buffer;
}

const KEY_BYTES = 32;
const BASE64 = /^[A-Za-z0-9+/]{43}=$/;

/**
 * The keys of Annal.Storage.Encryption.Keys in their order, those in files read from there.
 * @throws Error naming the file that is missing, unreadable or holds no key, and what it must hold
 */
export function readEncryptionKeys({ Annal }: AnnalConfiguration): readonly EncryptionKey[] {
  return readKeys('Annal.Storage.Encryption.Keys', Annal.Storage.Encryption.Keys);
}

/** As {@link readEncryptionKeys}, of Annal.Vault.MasterKeys. */
export function readMasterKeys({ Annal }: AnnalConfiguration): readonly EncryptionKey[] {
  return readKeys('Annal.Vault.MasterKeys', Annal.Vault.MasterKeys);
}

function readKeys(option: string, keys: readonly EncryptionKeyOptions[]): readonly EncryptionKey[] {
  return keys.map(({ Id, Key, KeyFile }) => ({
    id: Id,
    secret: Key === undefined ? fromFile(option, KeyFile!) : Buffer.from(Key, 'base64'),
  }));
}

function fromFile(option: string, file: string): Buffer {
  let content: Buffer;
  try {
    content = readFileSync(file);
  } catch (error) {
    throw new Error(`${option}: the KeyFile ${file} cannot be read: ${reason(error)}`);
  }
  const text = content.toString('latin1').trim();
  if (BASE64.test(text)) return Buffer.from(text, 'base64');
  if (content.length === KEY_BYTES) return content;
  throw new Error(
    `${option}: the KeyFile ${file} holds no key. Make one with: head -c ${KEY_BYTES} /dev/urandom | base64`,
  );
}
