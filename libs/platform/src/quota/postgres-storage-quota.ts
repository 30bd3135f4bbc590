import { setTimeout as delay } from 'node:timers/promises';
import { type RoomForBlob, StorageFull, type StorageQuota } from '@annal/domain';
import {
  hasRoomSql,
  LANDED_RESERVATION,
  type MadeRoom,
  sqlText,
  type StorageLimits,
  type WantedRoom,
} from '@annal/projections';
import type pg from 'pg';
import type { ProcessLock } from './process-lock.js';

export interface QuotaLimits extends StorageLimits {
  readonly mode: 'Recycle' | 'Reject';
  /** How long an upload waits for room, ms. */
  readonly timeout: number;
}

const RETRY_MS = 50;
const LOCK = 0x71756f74;

/** Storage limits over all processes and replicas: reservations beside the totals that the fold keeps. */
export class PostgresStorageQuota implements StorageQuota {
  /**
   * @param lock says that this process has not ended: when it does, its reservations lapse within seconds; undefined: after
   * an hour, as where a process that ended may have appended what is still to be folded and needs its room
   * @param makeRoom has a patient recycled where there is no room
   */
  constructor(
    private readonly pool: pg.Pool,
    private readonly lock: ProcessLock | undefined,
    private readonly limits: QuotaLimits,
    private readonly makeRoom: (wanted: WantedRoom) => Promise<MadeRoom>,
  ) {}

  async reserve(wanted: RoomForBlob): Promise<() => Promise<void>> {
    const { size, patients, mode, timeout } = this.limits;
    const { blobKey, patientId } = wanted;
    if (size === 0 && patients === 0) return nothing;
    if (size > 0 && wanted.bytes > size) throw new StorageFull('The instance is larger than the whole storage may be');
    const replaced = wanted.replacedBytes ?? (wanted.overwrites ? await this.storedBytes(wanted.instanceId) : 0);
    const bytes = Math.max(0, wanted.bytes - replaced);
    const deadline = Date.now() + timeout;
    while (!(await this.tryReserve({ ...wanted, bytes }))) {
      const made = mode === 'Reject' || Date.now() > deadline ? 'none' : await this.makeRoom({ bytes, patientId });
      if (made === 'none') throw new StorageFull('The storage is full');
      if (made === 'wait') await delay(RETRY_MS);
    }
    return async () => {
      await this.pool.query('DELETE FROM reservations WHERE id = $1', [blobKey]);
    };
  }

  private async storedBytes(instanceId: string): Promise<number> {
    const sql = 'SELECT stored_size::float8 AS bytes FROM instances WHERE id = $1';
    const { rows } = await this.pool.query<{ bytes: number }>(sql, [instanceId]);
    return rows[0]?.bytes ?? 0;
  }

  private async tryReserve(wanted: RoomForBlob): Promise<boolean> {
    const { blobKey, bytes, instanceId, patientId } = wanted;
    const holder = (await this.lock?.hold()) ?? 'NULL';
    // one implicit transaction; only the statements after the lock see what others reserved
    const results = (await this.pool.query(`
      SELECT pg_advisory_xact_lock(${LOCK});
      DELETE FROM reservations r WHERE ${LANDED_RESERVATION};
      INSERT INTO reservations (id, bytes, instance_id, patient_id, holder)
        SELECT ${sqlText(blobKey)}, ${bytes}, ${sqlText(instanceId)}, ${sqlText(patientId)}, ${holder}
        WHERE ${hasRoomSql(this.limits, wanted)}`)) as unknown as pg.QueryResult[];
    return results[2]!.rowCount === 1;
  }
}

const nothing = async (): Promise<void> => undefined;
