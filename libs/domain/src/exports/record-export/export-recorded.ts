import type { ArrivedResource, ExportDestination, ExportedResource, ExportProtocol, ExportResult } from '../export.js';

/**
 * Something is being sent elsewhere, or was: what, where, and how it went; who had it sent is the actor of the first such
 * event of an export. Names resources by Orthanc identifiers and quotes nothing of them.
 */
export interface ExportRecorded {
  readonly type: 'annal.export.recorded.v1';
  readonly data: ExportResult & {
    /** Names the export: an event of it that comes again changes nothing. */
    readonly id: string;
    readonly protocol: ExportProtocol;
    readonly destination: ExportDestination;
    /** How many of the export's resources earlier events have named: a long list is cut. */
    readonly first: number;
    readonly resources: readonly ExportedResource[];
    /** What has arrived of resources that were named; of each, the most that is ever said counts. Absent: nothing is said of it. */
    readonly arrived?: readonly ArrivedResource[];
    /** Whether `GET /exports` lists them, as of now (`LogExportedResources`). */
    readonly listed: boolean;
  };
}
