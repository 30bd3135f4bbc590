import { createHash } from 'node:crypto';

/** Which state of a value a client knows: what Orthanc's ETag says (REST API of Orthanc, "Safe concurrency"). */
export interface Revision {
  /** Rises by one a change, from 0. */
  readonly number: number;
  /** MD5 of the value in hex; of a file whose MD5 is not kept, its blob's key. */
  readonly md5: string;
}

/** The first of Orthanc's numbers for metadata that users define; the last one is {@link LAST_USER_METADATA}. */
export const FIRST_USER_METADATA = 1024;
export const LAST_USER_METADATA = 65535;

/** Whether clients may set a metadata; the others are Orthanc's own. */
export function isUserMetadata(number: number): boolean {
  return number >= FIRST_USER_METADATA && number <= LAST_USER_METADATA;
}

/** The revision of a value. */
export function revisionOf(number: number, value: string): Revision {
  return { number, md5: createHash('md5').update(value).digest('hex') };
}
