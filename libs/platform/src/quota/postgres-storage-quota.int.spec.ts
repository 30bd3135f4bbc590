import { setTimeout as turn } from 'node:timers/promises';
import { StorageFull } from '@annal/domain';
import { HOLDER_LOCKS } from '@annal/projections';
import type pg from 'pg';
import { v7 as uuidv7 } from 'uuid';
import { storedEvent } from '../../../../test/support/stored-event.js';
import { deletionOf } from '../../../../test/support/deletion.js';
import { openTestLog, type TestLog } from '../../../../test/support/test-log.js';
import { openPool } from '../postgres/connection.js';
import { PostgresStorageQuota } from './postgres-storage-quota.js';
import { ProcessLock } from './process-lock.js';

const SIZE = 1000;

describe('room in a limited storage', () => {
  let test: TestLog;
  let pool: pg.Pool;
  let lock: ProcessLock;
  let quota: PostgresStorageQuota;
  beforeEach(async () => {
    test = await openTestLog();
    pool = openPool(test.database.connection, 'test', 2);
    const limits = { size: 2 * SIZE, patients: 0, mode: 'Reject', timeout: 0 } as const;
    lock = new ProcessLock(test.database.connection);
    quota = new PostgresStorageQuota(pool, lock, limits, async () => 'none');
  });
  afterEach(async () => {
    await lock.close();
    await pool.end();
    await test.close();
  });

  const instance = (n: number) =>
    storedEvent({ patient: 'P', study: '1', series: '1.1', instance: `1.1.${n}`, size: SIZE });
  const reserve = ({ data: { ids, blob } }: ReturnType<typeof instance>): Promise<() => Promise<void>> =>
    quota.reserve({ blobKey: blob.key, bytes: blob.storedSize, instanceId: ids.instance, patientId: ids.patient });

  it('is taken once by an instance that is stored and whose upload is about to end', async () => {
    const [first, second, third] = [instance(1), instance(2), instance(3)];
    const release = await reserve(first);
    await test.log.submit([first]);
    const releaseSecond = await reserve(second);
    await expect(reserve(third)).rejects.toBeInstanceOf(StorageFull);
    await release();
    await releaseSecond();
    await reserve(third);
  });

  it('is not kept for an instance that another upload was faster with', async () => {
    const [winner, loser, third] = [instance(1), instance(1), instance(2)];
    await reserve(winner);
    await reserve(loser);
    await test.log.submit([winner]);
    await test.log.submit([loser]);
    await reserve(third);
  });

  it('is free again when what was never given back is stored and deleted', async () => {
    const stored = [instance(1), instance(2)];
    for (const event of stored) await reserve(event);
    await test.log.submit(stored);
    await expect(reserve(instance(3))).rejects.toBeInstanceOf(StorageFull);
    await test.log.submit(stored.map(deletionOf));
    await pool.query('DELETE FROM blob_garbage');
    await reserve(instance(3));
    await reserve(instance(4));
  });

  it('is kept for one that overwrites an instance of the same name', async () => {
    await test.log.submit([instance(1)]);
    const again = instance(1);
    await reserve({ ...again, data: { ...again.data, blob: { ...again.data.blob, key: uuidv7() } } });
    await expect(reserve(instance(2))).rejects.toBeInstanceOf(StorageFull);
  });

  it('is wanted for an instance that takes the place of another only as far as it is larger', async () => {
    await test.log.submit([instance(1), instance(2)]);
    const { ids } = instance(1).data;
    const again = { instanceId: ids.instance, patientId: ids.patient, overwrites: true };
    const release = await quota.reserve({ ...again, blobKey: uuidv7(), bytes: SIZE });
    await expect(reserve(instance(3))).rejects.toBeInstanceOf(StorageFull);
    await release();
    await expect(quota.reserve({ ...again, blobKey: uuidv7(), bytes: SIZE + 1 })).rejects.toBeInstanceOf(StorageFull);
  });

  describe('of a process that ended', () => {
    const secondsLater = (seconds: number): Promise<unknown> =>
      pool.query(`UPDATE reservations SET at = at - make_interval(secs => $1)`, [seconds]);
    const holders = async (): Promise<readonly number[]> => {
      const { rows } = await pool.query<{ pid: number }>(
        `SELECT pid FROM pg_locks l JOIN pg_database d ON d.oid = l.database
          WHERE locktype = 'advisory' AND classid = $1 AND datname = current_database()`,
        [HOLDER_LOCKS],
      );
      return rows.map(({ pid }) => pid);
    };
    const until = async (condition: () => Promise<boolean>): Promise<void> => {
      while (!(await condition())) await turn(10);
    };

    it('lapses some seconds later, that of a living one does not', async () => {
      const other = new ProcessLock(test.database.connection);
      const limits = { size: 2 * SIZE, patients: 0, mode: 'Reject', timeout: 0 } as const;
      const others = new PostgresStorageQuota(pool, other, limits, async () => 'none');
      await reserve(instance(1));
      const { data } = instance(2);
      const wanted = { blobKey: data.blob.key, bytes: SIZE, instanceId: data.ids.instance, patientId: 'P' };
      await others.reserve(wanted);
      await secondsLater(6);
      await expect(reserve(instance(3))).rejects.toBeInstanceOf(StorageFull);
      // as the kernel closes the connections of a process that was killed
      await other.close();
      await until(async () => (await holders()).length === 1);
      await reserve(instance(3));
      await expect(reserve(instance(4))).rejects.toBeInstanceOf(StorageFull);
    });

    it('is not taken for one whose connection broke', async () => {
      await reserve(instance(1));
      await reserve(instance(2));
      const [broken] = await holders();
      await pool.query('SELECT pg_terminate_backend($1)', [broken]);
      await until(async () => (await holders()).some((pid) => pid !== broken));
      await secondsLater(6);
      await expect(reserve(instance(3))).rejects.toBeInstanceOf(StorageFull);
    });
  });
});
