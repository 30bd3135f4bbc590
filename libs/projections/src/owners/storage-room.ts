import { sqlText } from '../fold/sql-literal.js';

/** How much may be stored. 0: no limit. */
export interface StorageLimits {
  /** Bytes of stored blobs. */
  readonly size: number;
  readonly patients: number;
}

/** What an upload needs room for. */
export interface WantedRoom {
  readonly bytes: number;
  readonly patientId: string;
}

/** Whether room could be made: `retry` (there is some, or was), `wait` (perhaps later), `none`. */
export type MadeRoom = 'retry' | 'wait' | 'none';

/** SQL that is true when an instance fits beside what is stored and what is reserved. */
export function hasRoomSql({ size, patients }: StorageLimits, { bytes, patientId }: WantedRoom): string {
  const patient = sqlText(patientId);
  return `(SELECT
    (${size} = 0 OR f.stored_size + f.attached_stored_size + (SELECT coalesce(sum(bytes), 0) FROM ${LIVE_RESERVATIONS}) + ${bytes} <= ${size})
    AND (${patients} = 0 OR f.patients + (
      SELECT count(*) FROM (SELECT patient_id FROM ${LIVE_RESERVATIONS} UNION SELECT ${patient}) wanted
        WHERE NOT EXISTS (SELECT 1 FROM patients p WHERE p.id = wanted.patient_id)) <= ${patients})
    FROM folded_position f)`;
}

/**
 * SQL that is true when an instance would fit beside what cannot be recycled: the patients that are protected, and the
 * one it belongs to.
 */
export function couldHaveRoomSql({ size, patients }: StorageLimits, { bytes, patientId }: WantedRoom): string {
  const patient = sqlText(patientId);
  const kept = `patients k LEFT JOIN attached_sizes a ON a.resource_key = k.key WHERE k.protected OR k.id = ${patient}`;
  return `(
    (${size} = 0 OR (SELECT coalesce(sum(k.stored_size + coalesce(a.stored_size, 0)), 0) FROM ${kept}) + ${bytes} <= ${size})
    AND (${patients} = 0 OR (SELECT count(*) FROM patients k WHERE k.protected AND k.id <> ${patient}) + 1 <= ${patients}))`;
}

/** SQL that is true for a reservation `r` whose blob the fold has seen: it is stored and counted, or it lost. */
export const LANDED_RESERVATION = `(
  EXISTS (SELECT 1 FROM instances i WHERE i.id = r.instance_id AND i.blob_key = r.id::text)
  OR EXISTS (SELECT 1 FROM attachments a WHERE a.blob_key = r.id::text)
  OR EXISTS (SELECT 1 FROM blob_garbage g WHERE g.key = r.id::text))`;

/** The class of the advisory locks that processes hold while they make reservations. */
export const HOLDER_LOCKS = 0x686f6c64;

/**
 * Whether the process that made a reservation `r` has ended; not before some seconds, so that one whose connection broke can
 * take its lock again. One that names no lock is left to lapse.
 */
const FORSAKEN_RESERVATION = `(r.holder IS NOT NULL AND r.at < now() - interval '5 seconds' AND NOT EXISTS (
  SELECT 1 FROM pg_locks l WHERE l.locktype = 'advisory' AND l.classid = ${HOLDER_LOCKS} AND l.objid = r.holder::oid
    AND l.objsubid = 2 AND l.granted AND l.database = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())))`;

/** Reservations of what is still to be folded; one that a killed process left lapses. */
export const LIVE_RESERVATIONS = `(
  SELECT * FROM reservations r
    WHERE at > now() - interval '1 hour' AND NOT ${LANDED_RESERVATION} AND NOT ${FORSAKEN_RESERVATION}) live`;
