import { FilesystemBlobStore, openPool } from '@annal/platform';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type pg from 'pg';
import { storedEvent } from '../../../../test/support/stored-event.js';
import { openTestLog, type TestLog } from '../../../../test/support/test-log.js';
import { deletionOf } from '../../../../test/support/deletion.js';
import { BlobReaper } from './blob-reaper.js';

describe('the reaper of blobs', () => {
  let test: TestLog;
  let pool: pg.Pool;
  let root: string;
  let blobs: FilesystemBlobStore;
  const sample = storedEvent({ patient: 'P', study: '1', series: '1.1', instance: '1' });
  const { key } = sample.data.blob;

  beforeEach(async () => {
    test = await openTestLog();
    pool = openPool(test.database.connection, 'test', 4);
    root = await mkdtemp(join(tmpdir(), 'annal-blobs-'));
    blobs = new FilesystemBlobStore(root, false);
    await blobs.put(key, [Buffer.from('bytes')]);
    await test.log.append([sample]);
  });
  afterEach(async () => {
    await pool.end();
    await test.close();
    await rm(root, { recursive: true });
  });

  const reaper = (grace: number, checkpoint: (step: string) => Promise<void> = async () => undefined): BlobReaper =>
    new BlobReaper(pool, blobs, grace, checkpoint);
  const left = async (): Promise<{ blobs: string[]; rows: unknown[] }> => {
    const keys: string[] = [];
    for await (const found of blobs.keys()) keys.push(found);
    return { blobs: keys, rows: (await pool.query('SELECT key FROM blob_garbage')).rows };
  };

  it('deletes the blob of a deleted instance after the grace time, not before', async () => {
    await test.log.append([deletionOf(sample)]);
    expect(await reaper(60).run()).toBe(0);
    expect(await left()).toEqual({ blobs: [key], rows: [{ key }] });
    expect(await reaper(0).run()).toBe(1);
    expect(await left()).toEqual({ blobs: [], rows: [] });
    expect(await reaper(0).run()).toBe(0);
  });

  it('goes on behind a blob that cannot be deleted, and tries that one again later', async () => {
    const other = storedEvent({ patient: 'Q', study: '2', series: '2.1', instance: '2' });
    await blobs.put(other.data.blob.key, [Buffer.from('bytes')]);
    await test.log.append([other, deletionOf(sample), deletionOf(other)]);
    await pool.query(`UPDATE blob_garbage SET at = now() - interval '1 hour'`);
    const remove = blobs.remove.bind(blobs);
    blobs.remove = (one) => (one === key ? Promise.reject(new Error('no')) : remove(one));
    await expect(reaper(60).run()).rejects.toThrow('no');
    expect(await left()).toEqual({ blobs: [key], rows: [{ key }] });
    expect(await reaper(60).run()).toBe(0);
    blobs.remove = remove;
    expect(await reaper(0).run()).toBe(1);
    expect(await left()).toEqual({ blobs: [], rows: [] });
  });

  it('deletes the bytes that came second, never those that are in use', async () => {
    const second = storedEvent({ patient: 'P', study: '1', series: '1.1', instance: '1' });
    await blobs.put(second.data.blob.key, [Buffer.from('other bytes')]);
    await test.log.append([second]);
    expect(await reaper(0).run()).toBe(1);
    expect(await left()).toEqual({ blobs: [key], rows: [] });
  });

  it('keeps the blob of an instance that is there again, as after an older database was restored', async () => {
    await pool.query('INSERT INTO blob_garbage (key, instance_id, position) VALUES ($1, $2, 1)', [
      key,
      sample.data.ids.instance,
    ]);
    expect(await reaper(0).run()).toBe(0);
    expect(await left()).toEqual({ blobs: [key], rows: [] });
  });

  it.each(['garbage:before-remove', 'garbage:after-remove'])('goes on after a kill at %s', async (point) => {
    await test.log.append([deletionOf(sample)]);
    const killed = reaper(0, async (step) => {
      if (step === point) throw new Error('killed');
    });
    await expect(killed.run()).rejects.toThrow('killed');
    expect((await left()).rows).toEqual([{ key }]);
    await reaper(0).run();
    expect(await left()).toEqual({ blobs: [], rows: [] });
  });
});
