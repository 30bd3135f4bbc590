import { Skips } from '@annal/domain';
import {
  type AnnalConfiguration,
  type ArchiveLog,
  type DatabaseConfig,
  type Logger,
  migrate,
  openControlLog,
  openEventLog,
  Session,
} from '@annal/platform';
import { project, rebuild, REBUILD_SCHEMA } from '@annal/projections';

/** Held while read models are rebuilt at a start, so that servers that start together do it once. */
const REBUILDING = 0x72656275;

/** Opens the log on an up-to-date database whose read models are those of this release. */
export async function openLog(
  configuration: AnnalConfiguration,
  database: DatabaseConfig,
  logger: Logger,
): Promise<ArchiveLog> {
  const state = await migrate(database);
  const log = await openEventLog(configuration, database);
  await checkSameLog(log, database);
  const { EventLog, Roles } = configuration.Annal;
  if (state === 'outdated' && Roles.includes('projector')) await renew(configuration, log, database, logger);
  // a log in Kafka is folded by projectors
  if (state === 'created' && EventLog.Kind === 'postgres') await catchUp(log, database);
  return log;
}

/** Makes read models of another release anew. */
async function renew(
  configuration: AnnalConfiguration,
  log: ArchiveLog,
  database: DatabaseConfig,
  logger: Logger,
): Promise<void> {
  const session = new Session(database, 'rebuild', REBUILD_SCHEMA);
  const control = openControlLog(configuration, database);
  try {
    await session.execute(`SELECT pg_advisory_lock(${REBUILDING})`);
    if ((await migrate(database)) !== 'outdated') return;
    logger.info('The read models are those of another release: they are rebuilt from the log');
    await rebuild(log, session.execute, { skipped: new Skips(await control.skips()) });
  } finally {
    await session.reset();
    await control.close();
  }
}

/** Folds what new, empty read models have not seen. */
async function catchUp(log: ArchiveLog, database: DatabaseConfig): Promise<void> {
  const session = new Session(database, 'catching up');
  try {
    const [[row] = []] = await session.execute('SELECT "offset" FROM folded_position');
    let at = { partition: 0, offset: row!.offset as number };
    for (;;) {
      const events = await log.read(at, 500);
      if (events.length === 0) return;
      await project(events, session.execute);
      at = events.at(-1)!.position;
    }
  } finally {
    await session.reset();
  }
}

/** Read models made from one log must not go on with another, such as one restored or recreated under the same name. */
async function checkSameLog(log: ArchiveLog, database: DatabaseConfig): Promise<void> {
  const session = new Session(database, 'check');
  try {
    const [[row] = []] = await session.execute('SELECT log_id FROM folded_position');
    const made = row?.log_id as string | null | undefined;
    if (!made || made === log.logId) return;
    throw new Error(
      `The read models were made from the event log ${made}, but this one is ${log.logId}. ` +
        'If the log was exchanged on purpose, run: annal rebuild',
    );
  } finally {
    await session.reset();
  }
}
