import { Command } from '@nestjs/cqrs';
import type { EventContext } from '../../log/envelope.js';
import type { ResourceLine } from '../../ports/resource-lookup.js';
import type { ArrivedResource, ExportDestination, ExportProtocol, ExportResult } from '../export.js';

/** Something that is being sent, or was. */
export interface ExportReport extends ExportResult {
  /**
   * A UUID, the same in all reports of one export. That of a job is the job's identifier ({@link JobRequest.id} says how to
   * know it beforehand): its outcome is then reported where the job ends without having done so itself.
   */
  readonly id: string;
  readonly protocol: ExportProtocol;
  readonly destination: ExportDestination;
  /**
   * Orthanc identifiers of any level, as they were asked for, in that order and as often. Once they are reported, later
   * reports may leave them out (`[]`).
   */
  readonly resources: readonly string[];
  /** What stands above those of them that are not kept here, where that is known. */
  readonly lines?: readonly ResourceLine[];
  /** How many instances of each of them are to be sent, by its identifier, where that is known. */
  readonly asked?: ReadonlyMap<string, number>;
  /** What has arrived of them so far, where not all has: a success says it of all. */
  readonly arrived?: readonly ArrivedResource[];
  /** Whether `GET /exports` lists them: `LogExportedResources`, for peers and modalities alone. */
  readonly listed?: boolean;
}

/**
 * Write down that something is sent elsewhere. Report it as `pending` before the first byte leaves, with the context of the
 * request, so that who asked for it is known, and again with what came of it. What was reported before, and anything after a
 * success, is not written again, and what is said to be pending changes no outcome: a step of a job that is done twice reports twice, and is recorded once. Rejects as appends do;
 * then what is not traced should not be sent.
 *
 * ```ts
 * const id = uuidv7();
 * const sent = { id, protocol: 'orthanc', destination: { kind: 'peer', name, address }, resources } as const;
 * await commands.execute(new RecordExport({ ...sent, outcome: 'pending', listed: LogExportedResources }, context));
 * // … submit the job with this id; in its last step:
 * await commands.execute(new RecordExport({ ...sent, resources: [], outcome: 'success', instances: 300 }, context));
 * ```
 */
export class RecordExport extends Command<void> {
  constructor(
    readonly report: ExportReport,
    readonly context: EventContext,
  ) {
    super();
  }
}

/** The same for several exports at once, each of which is new and is reported once. */
export class RecordExports extends Command<void> {
  constructor(readonly exports: readonly { readonly report: ExportReport; readonly context: EventContext }[]) {
    super();
  }
}
