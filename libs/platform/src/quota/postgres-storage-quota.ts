import { setTimeout as delay } from 'node:timers/promises';
import { StorageFull, type StorageQuota } from '@annal/domain';
import { sqlText } from '@annal/projections';
import type pg from 'pg';
import { v7 as uuidv7 } from 'uuid';

export interface QuotaLimits {
  /** Bytes of stored blobs; 0: no limit. */
  readonly size: number;
  /** Patients; 0: no limit. */
  readonly patients: number;
  readonly mode: 'Recycle' | 'Reject';
  /** How long an upload waits for room, ms. */
  readonly timeout: number;
}

const RETRY_MS = 50;
const LOCK = 0x71756f74;

/** Storage limits over all processes and replicas: reservations beside the totals that the fold keeps. */
export class PostgresStorageQuota implements StorageQuota {
  /** @param makeRoom has a patient recycled; false when there is none to give up */
  constructor(
    private readonly pool: pg.Pool,
    private readonly limits: QuotaLimits,
    private readonly makeRoom: () => Promise<boolean>,
  ) {}

  async reserve(bytes: number, patientId: string): Promise<() => Promise<void>> {
    const { size, patients, mode, timeout } = this.limits;
    if (size === 0 && patients === 0) return nothing;
    if (size > 0 && bytes > size) throw new StorageFull('The instance is larger than the whole storage may be');
    const id = uuidv7();
    const deadline = Date.now() + timeout;
    while (!(await this.tryReserve(id, bytes, patientId))) {
      if (mode === 'Reject' || Date.now() > deadline) throw new StorageFull('The storage is full');
      if (!(await this.makeRoom())) await delay(RETRY_MS);
    }
    return async () => {
      await this.pool.query('DELETE FROM reservations WHERE id = $1', [id]);
    };
  }

  private async tryReserve(id: string, bytes: number, patientId: string): Promise<boolean> {
    const { size, patients } = this.limits;
    const patient = sqlText(patientId);
    // one implicit transaction; only the statement after the lock sees what others reserved
    const results = (await this.pool.query(`
      SELECT pg_advisory_xact_lock(${LOCK});
      WITH live AS (SELECT * FROM reservations WHERE at > now() - interval '1 hour')
      INSERT INTO reservations (id, bytes, patient_id)
        SELECT ${sqlText(id)}, ${bytes}, ${patient} FROM folded_position f WHERE
          (${size} = 0 OR f.stored_size + (SELECT coalesce(sum(bytes), 0) FROM live) + ${bytes} <= ${size})
          AND (${patients} = 0 OR f.patients + (
            SELECT count(*) FROM (SELECT patient_id FROM live UNION SELECT ${patient}) r
              WHERE NOT EXISTS (SELECT 1 FROM patients p WHERE p.id = r.patient_id)) <= ${patients})`)) as unknown as pg.QueryResult[];
    return results[1]!.rowCount === 1;
  }
}

const nothing = async (): Promise<void> => undefined;
