import type { Queryable } from '../queryable.js';

/** What the read models hold altogether, and how far they are folded. */
export interface ArchiveState {
  /** Offset of the last folded event; -1: none. */
  readonly offset: number;
  /** Events that cannot be folded and stand in the way. */
  readonly parked: number;
  /** The version of tables and folds (READ_MODEL_VERSION). */
  readonly version: number;
  readonly lastChange: number;
  readonly patients: number;
  readonly studies: number;
  readonly series: number;
  readonly instances: number;
  /** Bytes as stored, of DICOM files and attachments. */
  readonly storedSize: number;
  /** Bytes of DICOM files and attachments. */
  readonly size: number;
}

const ARCHIVE_STATE = `
  SELECT "offset", version, change_seq AS "lastChange", patients, studies, series, instances,
  stored_size + attached_stored_size AS "storedSize", size + attached_size AS size,
  (SELECT count(*) FROM parked_events p WHERE p."offset" > folded_position."offset") AS parked
  FROM folded_position WHERE partition = 0`;

/** Reads the one row that the fold keeps of all this; undefined before the first fold. */
export async function archiveState(database: Queryable): Promise<ArchiveState | undefined> {
  const { rows } = await database.query<ArchiveState>(ARCHIVE_STATE);
  return rows[0];
}

/** Offset of the last folded event; -1: none. */
export async function foldedOffset(database: Queryable): Promise<number> {
  const { rows } = await database.query<{ offset: number }>('SELECT "offset" FROM folded_position WHERE partition = 0');
  return rows[0]!.offset;
}
