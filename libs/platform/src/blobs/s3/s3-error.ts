import { BlobStoreUnavailable, StorageFull } from '@annal/domain';

/** S3 refused a request, or none of its tries came to an answer. Says nothing of hosts, buckets, names and keys. */
export class S3Error extends BlobStoreUnavailable {
  /**
   * @param code of S3 (such as NoSuchKey), of the system or of the client
   * @param status of HTTP; undefined without an answer
   * @param attempts how often it was tried
   */
  constructor(
    doing: string,
    readonly code: string,
    readonly status: number | undefined,
    readonly attempts: number,
  ) {
    super(
      status === undefined
        ? `S3 does not answer while ${doing} (${code}, ${attempts} tries)`
        : `S3 refuses ${doing} (${code}, HTTP ${status})`,
    );
  }

  /** Whether there is no such object. */
  get isMissing(): boolean {
    return this.code === 'NoSuchKey' || (this.code === 'NotFound' && this.status === 404);
  }

  /** Whether an object that must not be replaced is there. */
  get isThere(): boolean {
    return this.code === 'PreconditionFailed' || this.status === 412;
  }

  /** Whether an upload in parts is not known, or no more: completed or aborted. */
  get isUploadGone(): boolean {
    return this.code === 'NoSuchUpload';
  }

  /** Whether somebody else writes the same object at this moment. */
  get isConflict(): boolean {
    return this.code === 'ConditionalRequestConflict';
  }
}

const FULL = new Set(['XMinioStorageFull', 'QuotaExceeded', 'InsufficientCapacity']);

/**
 * What the client of S3 threw, in words of ours.
 * @param doing as in "S3 refuses reading a blob"
 */
export function s3Error(error: unknown, doing: string): Error {
  const { name, code, $metadata } = error as {
    name?: string;
    code?: unknown;
    $metadata?: { httpStatusCode?: number; attempts?: number };
  };
  const status = $metadata?.httpStatusCode;
  const said = typeof code === 'string' ? code : (name ?? 'Error');
  if (status === 507 || FULL.has(said)) return new StorageFull('The object store has no room');
  // an answer without a body has no code of S3
  const known = said === 'Unknown' || said === 'UnknownError' ? (status === 404 ? 'NotFound' : 'no code') : said;
  return new S3Error(doing, known, status, $metadata?.attempts ?? 1);
}
