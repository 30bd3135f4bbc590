import type { JobObject } from '@annal/domain';
import type { ArchiveTotals } from '@annal/projections';
import type { ArchiveOptions } from './archive-request.js';

/** What a job that makes an archive needs to know. */
export interface ArchiveOrder extends ArchiveOptions, ArchiveTotals {
  readonly ids: readonly string[];
}

const MEGABYTE = 1024 * 1024;

/** What is shown of such a job. @param size of the archive so far, bytes */
export function archiveContent({ instances, size: uncompressed, transcoding }: ArchiveOrder, size: number): JobObject {
  return {
    ArchiveSize: String(size),
    ArchiveSizeMB: Math.floor(size / MEGABYTE),
    Description: 'REST API',
    InstancesCount: instances,
    ...(transcoding && { Transcode: transcoding.transferSyntax }),
    UncompressedSize: String(uncompressed),
    UncompressedSizeMB: Math.floor(uncompressed / MEGABYTE),
  };
}
