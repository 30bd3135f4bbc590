import { BlobMissing } from '@annal/domain';
import { checkedMark, isBlobKey, isMarkName } from '../blob-key.js';

/** Where the last two digits of a UUID stand, which are random in a UUIDv7. */
const RANDOM_DIGITS = [34, 36] as const;

/**
 * How objects are called: `<prefix>blobs/<last 2 digits of the UUID>/<key>`, `<prefix>quarantine/<key>` and
 * `<prefix>marks/<name>`. S3 spreads its load by how names begin, so the digits in front are random ones, not those of the time.
 */
export class ObjectNames {
  /** What the names of all blobs begin with. */
  readonly blobs: string;
  /** What the names of blobs in quarantine begin with. */
  readonly quarantine: string;

  /** What the names of all marks begin with. */
  readonly marks: string;

  /** @param prefix of everything; ends with a slash, or is empty */
  constructor(readonly prefix: string) {
    this.blobs = `${prefix}blobs/`;
    this.quarantine = `${prefix}quarantine/`;
    this.marks = `${prefix}marks/`;
  }

  /** @throws BlobMissing where the key is none that blobs have */
  blob(key: string): string {
    return `${this.blobs}${checked(key).slice(...RANDOM_DIGITS)}/${key}`;
  }

  /** @throws BlobMissing where the key is none that blobs have */
  quarantined(key: string): string {
    return this.quarantine + checked(key);
  }

  /** @throws Error where it is no mark's name */
  mark(name: string): string {
    return this.marks + checkedMark(name);
  }

  /** The name of the mark that an object is; undefined where it is none. */
  markOf(object: string): string | undefined {
    const name = object.slice(this.marks.length);
    return object.startsWith(this.marks) && isMarkName(name) ? name : undefined;
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
