import type { BlobStore } from '@annal/domain';
import { openBlobStore } from '@annal/platform';
import { TemporaryConfiguration } from '../../../libs/platform/src/config/testing/temporary-configuration.js';

/**
 * The blob store of a configuration.
 * @param storage the section Annal.Storage
 * @param check whether it is tried out first, as a server does when it starts
 */
export async function openBlobs(storage: object, check = false): Promise<BlobStore> {
  const files = new TemporaryConfiguration();
  try {
    const { configuration, errors } = files.loadContent({ Annal: { Storage: storage } });
    if (!configuration) throw new Error(errors.join());
    return await openBlobStore(configuration, check);
  } finally {
    files.remove();
  }
}
