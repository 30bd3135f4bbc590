import type { EventLog } from '@annal/domain';
import { FilesystemBlobStore, openPool } from '@annal/platform';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { v7 as uuidv7 } from 'uuid';
import { storedEvent } from '../../../../test/support/stored-event.js';
import { openTestLog, type TestLog } from '../../../../test/support/test-log.js';
import { deletionOf } from '../../../../test/support/deletion.js';
import type { Queryable } from '../queryable.js';
import { BlobSweeper, keyTime, SWEEPER_GRACE_H, TooManyOrphans } from './blob-sweeper.js';

const NOW = new Date();
const hoursAgo = (hours: number): number => NOW.getTime() - hours * 3_600_000;
const keyOf = (hours: number): string => uuidv7({ msecs: hoursAgo(hours) });
const keysOf = (count: number, hours: number): string[] => Array.from({ length: count }, () => keyOf(hours));

/** Lists many young blobs more than there are. */
class ManyMore extends FilesystemBlobStore {
  constructor(
    root: string,
    private readonly count: number,
    private readonly young: string,
  ) {
    super(root, false);
  }

  override async *keys(): AsyncGenerator<string> {
    yield* super.keys();
    for (let i = 0; i < this.count; i++) yield this.young;
  }
}

describe('the sweeper of blobs', () => {
  let test: TestLog;
  let pool: ReturnType<typeof openPool>;
  let root: string;
  let blobs: FilesystemBlobStore;
  beforeEach(async () => {
    test = await openTestLog();
    pool = openPool(test.database.connection, 'test', 4);
    root = await mkdtemp(join(tmpdir(), 'annal-blobs-'));
    blobs = new FilesystemBlobStore(root, false);
  });
  afterEach(async () => {
    await pool.end();
    await test.close();
    await rm(root, { recursive: true });
  });

  const put = async (...keys: string[]): Promise<void> => {
    for (const key of keys) await blobs.put(key, [Buffer.from('x')]);
  };
  const sweep = (log: EventLog = test.log): Promise<readonly string[]> =>
    new BlobSweeper(pool, log, blobs, SWEEPER_GRACE_H).run(NOW);
  const left = async (): Promise<string[]> => {
    const keys: string[] = [];
    for await (const key of blobs.keys()) keys.push(key);
    return keys.sort();
  };
  /** An instance whose blob, and header if asked for, are there. */
  async function store(
    instance: string,
    hours: number,
    options: { header?: boolean } = {},
  ): Promise<ReturnType<typeof storedEvent>> {
    const event = storedEvent({ patient: 'P', study: '1', series: '1.1', instance });
    const key = keyOf(hours);
    const headerBlob = `${key}.header`;
    const stored = {
      ...event,
      data: { ...event.data, blob: { ...event.data.blob, key } },
      sealed: { ...event.sealed!, ...(options.header && { header: undefined, headerBlob }) },
    };
    await put(key, ...(options.header ? [headerBlob] : []));
    await test.log.append([stored]);
    return stored;
  }

  it('removes what a crash left of files made ahead, however many, and takes it for no alarm', async () => {
    for (let i = 0; i < 40; i++) await blobs.put(keyOf(25), []);
    const young = keyOf(1);
    await blobs.put(young, []);
    expect(await sweep()).toEqual([]);
    expect(await left()).toEqual([young]);
    expect(await readdir(root)).not.toContain('quarantine');
  });

  it('takes an old blob that nobody refers to into quarantine, from where it goes for good later', async () => {
    const orphan = keyOf(25);
    await put(orphan);
    expect(await sweep()).toEqual([orphan]);
    expect(await left()).toEqual([]);
    expect(await readdir(join(root, 'quarantine'))).toEqual([orphan]);
    await blobs.purgeQuarantine(new Date(Date.now() - 60_000));
    expect(await readdir(join(root, 'quarantine'))).toEqual([orphan]);
    await blobs.purgeQuarantine(new Date(Date.now() + 60_000));
    expect(await readdir(join(root, 'quarantine'))).toEqual([]);
  });

  it('leaves what is young, in use, a header in use, or garbage already known', async () => {
    await put(keyOf(23), keyOf(0), keyOf(-5));
    await store('1', 11, { header: true });
    const gone = await store('2', 11);
    await test.log.append([deletionOf(gone)]);
    const before = await left();
    const later = new Date(NOW.getTime() + 20 * 3_600_000);
    const young = before.filter((key) => keyTime(key) > later.getTime() - SWEEPER_GRACE_H * 3_600_000);
    const swept = await new BlobSweeper(pool, test.log, blobs, SWEEPER_GRACE_H).run(later);
    expect(swept.map(keyTime)).toEqual([hoursAgo(23)]);
    expect(await left()).toEqual(before.filter((key) => !swept.includes(key)));
    expect(young).toHaveLength(2);
  });

  it('takes up to 20 without an alarm, however small the archive', async () => {
    const orphans = keysOf(20, 30);
    await put(...orphans, keyOf(1));
    expect([...(await sweep())].sort()).toEqual([...orphans].sort());
    expect(await left()).toHaveLength(1);
  });

  it('touches nothing, and raises the alarm, when more than 20 that are more than 1 % of all blobs would go', async () => {
    await put(...keysOf(2078, 1), ...keysOf(21, 30));
    await expect(sweep()).rejects.toBeInstanceOf(TooManyOrphans);
    expect(await left()).toHaveLength(2099);
    await put(keyOf(1));
    expect(await sweep()).toHaveLength(21);
  });

  it('touches nothing, and raises the alarm, when more than 1,000 would go, however large the archive', async () => {
    const orphans = keysOf(1001, 30);
    await put(...orphans);
    const large = new ManyMore(root, 200_000, keyOf(1));
    const sweeper = new BlobSweeper(pool, test.log, large, SWEEPER_GRACE_H);
    await expect(sweeper.run(NOW)).rejects.toBeInstanceOf(TooManyOrphans);
    expect(await left()).toHaveLength(1001);
    await blobs.remove(orphans[0]!);
    expect(await sweeper.run(NOW)).toHaveLength(1000);
  });

  it('raises no alarm for the files of a large deletion, which are removed while it looks', async () => {
    const removed = keysOf(500, 30);
    const orphan = keyOf(30);
    await put(orphan);
    const listing = new ManyMore(root, 1, keyOf(1));
    const keys = listing.keys.bind(listing);
    listing.keys = async function* () {
      yield* keys();
      yield* removed;
    };
    expect(await new BlobSweeper(pool, test.log, listing, SWEEPER_GRACE_H).run(NOW)).toEqual([orphan]);
  });

  it('touches nothing while the fold is behind the log', async () => {
    await put(keyOf(30));
    const ahead: EventLog = {
      logId: test.log.logId,
      append: (events) => test.log.append(events),
      read: (after, limit) => test.log.read(after, limit),
      subscribe: (after, handler) => test.log.subscribe(after, handler),
      end: async () => ({ partition: 0, offset: (await test.log.end()).offset + 1 }),
    };
    expect(await sweep(ahead)).toEqual([]);
    expect(await left()).toHaveLength(1);
    expect(await sweep()).toHaveLength(1);
  });

  it('asks again just before it takes one', async () => {
    const key = keyOf(30);
    await put(key);
    let asked = 0;
    const database: Queryable = {
      query: async <R extends object>(text: unknown, values?: readonly unknown[]) => {
        const { rows } = await (pool as Queryable).query<R>(text as string, values);
        const again = rows.length === 1 && Object.values(rows[0]!)[0] === key && ++asked === 2;
        return { rows: again ? [] : rows };
      },
    };
    const sweeper = new BlobSweeper(database, test.log, blobs, SWEEPER_GRACE_H);
    expect(await sweeper.run(NOW)).toEqual([]);
    expect([asked, await left()]).toEqual([2, [key]]);
  });

  it('leaves files alone whose names are no keys', async () => {
    await put(keyOf(0));
    const folder = join(root, ...(await readdir(root)));
    const [inner] = await readdir(folder);
    await writeFile(join(folder, inner!, 'notes.txt'), '');
    await writeFile(join(folder, inner!, '00000000-backup'), '');
    expect(await sweep()).toEqual([]);
  });
});
