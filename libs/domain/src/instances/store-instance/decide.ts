import { envelope, type EventEnvelope, type Sealed } from '../../log/envelope.js';
import type { DuplicateRefused } from './duplicate-refused.js';
import type { InstanceStored } from './instance-stored.js';
import type { StoreInstance } from './store-instance.js';

/** Headers above this size, in base64 bytes as sealed, travel as a blob of their own. */
export const MAX_SEALED_HEADER = 256 * 1024;

/** The key of the blob that holds an instance's header when it is too large for the log. */
export function headerBlobKey(blobKey: string): string {
  return `${blobKey}.header`;
}

/** What a wish to store comes to, given the MD5 of the instance that is there already, if one is. */
export function decide(
  command: StoreInstance,
  existingMd5: string | undefined,
  sealed: Sealed,
): EventEnvelope<InstanceStored> | EventEnvelope<DuplicateRefused> {
  const { instance, file, context } = command;
  const subject = `instances/${instance.ids.instance}`;
  if (existingMd5 !== undefined && !instance.overwrite) {
    const { md5 } = file.blob;
    return envelope<DuplicateRefused>(
      {
        type: 'annal.instance.duplicate-refused.v1',
        data: { ids: instance.ids, md5, sameBytes: md5 !== '' && md5 === existingMd5 },
      },
      subject,
      context,
    );
  }
  return envelope<InstanceStored>(
    {
      type: 'annal.instance.stored.v1',
      data: {
        ids: instance.ids,
        blob: file.blob,
        overwrite: instance.overwrite,
        ...(instance.mainTagsSignatures === undefined ? {} : { mainTagsSignatures: instance.mainTagsSignatures }),
        ...(instance.pixelDataOffset === undefined ? {} : { pixelDataOffset: instance.pixelDataOffset }),
        ...(instance.pixelDataVr === undefined ? {} : { pixelDataVr: instance.pixelDataVr }),
      },
    },
    subject,
    context,
    sealed,
  );
}
