import { BlobMissing } from '@annal/domain';
import { isBlobKey } from '../blob-key.js';

/** Where the last two digits of a UUID stand, which are random in a UUIDv7. */
const RANDOM_DIGITS = [34, 36] as const;

/**
 * How objects are called: `<prefix>blobs/<last 2 digits of the UUID>/<key>` and `<prefix>quarantine/<key>`. S3 spreads
 * its load by how names begin, so the digits in front are random ones, not those of the time.
 */
export class ObjectNames {
  /** What the names of all blobs begin with. */
  readonly blobs: string;
  /** What the names of blobs in quarantine begin with. */
  readonly quarantine: string;

  /** @param prefix of everything; ends with a slash, or is empty */
  constructor(readonly prefix: string) {
    this.blobs = `${prefix}blobs/`;
    this.quarantine = `${prefix}quarantine/`;
  }

  /** @throws BlobMissing where the key is none that blobs have */
  blob(key: string): string {
    return `${this.blobs}${checked(key).slice(...RANDOM_DIGITS)}/${key}`;
  }

  /** @throws BlobMissing where the key is none that blobs have */
  quarantined(key: string): string {
    return this.quarantine + checked(key);
  }

  /** Whether a name is one that blobs have, or had before their quarantine. */
  isOurs(name: string): boolean {
    return (
      this.keyOf(name) !== undefined ||
      (name.startsWith(this.quarantine) && isBlobKey(name.slice(this.quarantine.length)))
    );
  }

  /** The key of the blob with this name; undefined where it is no blob's. */
  keyOf(name: string): string | undefined {
    const key = name.slice(name.lastIndexOf('/') + 1);
    return isBlobKey(key) && this.blob(key) === name ? key : undefined;
  }
}

function checked(key: string): string {
  if (!isBlobKey(key)) throw new BlobMissing('Not the key of a blob');
  return key;
}
