import { CANCELLED_JOB, type EventContext, type ExportResult, RecordExport } from '@annal/domain';
import { type OpenExport, readOpenExport, type StatementRunner } from '@annal/projections';
import type { CommandBus } from '@nestjs/cqrs';

/** Writes down what became of an export that nobody reports on any more. @throws AppendRefused, AppendUnknown, NotYetVisible */
export async function reportEnd(one: OpenExport, commands: CommandBus, context: EventContext): Promise<void> {
  const { id, protocol, destination } = one;
  await commands.execute(new RecordExport({ id, protocol, destination, resources: [], ...resultOf(one) }, context));
}

/**
 * Writes down what became of what a job sent, where that has ended without saying so: before it is forgotten, as nobody
 * knows it afterwards.
 * @throws as `reportEnd`
 */
export async function reportBeforeForgetting(
  job: string,
  pool: StatementRunner,
  commands: CommandBus,
  context: EventContext,
): Promise<void> {
  const open = await readOpenExport(pool, job);
  if (open) await reportEnd(open, commands, context);
}

function resultOf({ protocol, jobState, errorCode, instances }: OpenExport): ExportResult {
  if (jobState === null) return { outcome: 'unknown' };
  // an archive is on its way once somebody downloads it
  if (jobState === 'Success')
    return { outcome: protocol === 'archive' || protocol === 'media' ? 'prepared' : 'success' };
  const outcome = errorCode === CANCELLED_JOB ? 'aborted' : instances > 0 ? 'partial' : 'failure';
  return { outcome, instances, errorCode };
}
