import type { BlobStore } from '@annal/domain';
import { type AnnalConfiguration, readEncryptionKeys } from '../config/index.js';
import { EncryptedBlobStore } from './encryption/encrypted-blob-store.js';
import { checkKeys } from './encryption/key-register.js';
import { KeyRing } from './encryption/key-ring.js';
import { FilesystemBlobStore } from './filesystem-blob-store.js';

/**
 * Opens the blob store that Annal.Storage describes.
 * @param check whether to find out first that it can be used and that all keys are there; once a server is enough
 * @throws Error that names the option to change
 */
export async function openBlobStore(configuration: AnnalConfiguration, check: boolean): Promise<BlobStore> {
  const { Encryption } = configuration.Annal.Storage;
  const keys = readEncryptionKeys(configuration);
  const ring = keys.length > 0 ? new KeyRing(keys) : undefined;
  const stored = await openStored(configuration, check);
  try {
    if (check) await checkKeys(stored, ring, !configuration.ReadOnly);
  } catch (error) {
    await stored.close();
    throw error;
  }
  return ring ? new EncryptedBlobStore(stored, ring, Encryption.AllowUnencrypted) : stored;
}

async function openStored(configuration: AnnalConfiguration, check: boolean): Promise<BlobStore> {
  if (configuration.Annal.Storage.Kind === 'filesystem') {
    return new FilesystemBlobStore(configuration.StorageDirectory, configuration.SyncStorageArea);
  }
  // the client of S3 takes time and memory that only those who use it spend
  const { openS3BlobStore } = await import('./s3/open-s3-blob-store.js');
  return openS3BlobStore(configuration, check);
}
