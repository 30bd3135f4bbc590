import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { access, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ResourceIds } from '@annal/domain';
import type { ArchiveServer } from './archive-server.js';
import { asClients } from './clients.js';
import { query } from './database.js';
import { until } from './processes.js';
import type { SampleFile } from './sample-study.js';

interface Change {
  readonly Seq: number;
  readonly ChangeType: string;
  readonly ID: string;
}

const LEVELS = ['patient', 'study', 'series', 'instance'] as const;
const COLLECTIONS = { patient: 'patients', study: 'studies', series: 'series', instance: 'instances' } as const;
const NEW = { patient: 'NewPatient', study: 'NewStudy', series: 'NewSeries', instance: 'NewInstance' } as const;

/** Everything that follows from which instances there are must say the same: that nothing is lost, doubled or half there. */
export async function expectConsistent(server: ArchiveServer, files: readonly SampleFile[]): Promise<SampleFile[]> {
  await caughtUp(server);
  const known = new Map(files.map((file) => [file.ids.instance, file]));
  const ids = await server.json<string[]>('/instances');
  const kept = ids.map((id) => known.get(id)).filter((file) => file !== undefined);
  expect(kept).toHaveLength(ids.length);
  expect(new Set(ids).size).toBe(ids.length);
  await expectReadable(server, kept);
  for (const level of LEVELS) {
    expect((await server.json<string[]>(`/${COLLECTIONS[level]}`)).sort()).toEqual([...distinct(kept, level)].sort());
  }
  await expectCounted(server, kept);
  await expectChanges(server, kept);
  await expectBlobs(server);
  return kept;
}

/** Resolves when the read models have all that is in the log: of what was not acknowledged, that is to come. */
export async function caughtUp(server: ArchiveServer): Promise<void> {
  await until(async () => {
    const response = await server.fetch('/health/ready');
    return ((await response.json()) as { Lag: number | null }).Lag === 0;
  }, 60_000);
}

/** That exactly these files are in the archive. */
export async function expectExactly(server: ArchiveServer, files: readonly SampleFile[]): Promise<void> {
  expect(await expectConsistent(server, files)).toHaveLength(files.length);
}

/** That GET …/file gives back what was uploaded. */
async function expectReadable(server: ArchiveServer, files: readonly SampleFile[]): Promise<void> {
  const sums = await asClients(4, files, async ({ ids }) => {
    const response = await server.fetch(`/instances/${ids.instance}/file`);
    return createHash('md5')
      .update(Buffer.from(await response.arrayBuffer()))
      .digest('hex');
  });
  expect(sums).toEqual(files.map(({ md5 }) => md5));
}

async function expectCounted(server: ArchiveServer, kept: readonly SampleFile[]): Promise<void> {
  const size = (files: readonly SampleFile[]): string =>
    String(files.reduce((sum, { bytes }) => sum + bytes.length, 0));
  expect(await server.json('/statistics')).toMatchObject({
    CountPatients: distinct(kept, 'patient').size,
    CountStudies: distinct(kept, 'study').size,
    CountSeries: distinct(kept, 'series').size,
    CountInstances: kept.length,
    TotalUncompressedSize: size(kept),
  });
  for (const level of ['patient', 'study', 'series'] as const) {
    for (const id of distinct(kept, level)) {
      const below = kept.filter(({ ids }) => ids[level] === id);
      expect(await server.json(`/${COLLECTIONS[level]}/${id}/statistics`)).toMatchObject({
        CountInstances: below.length,
        UncompressedSize: size(below),
      });
    }
  }
}

/** The changes of what is there now: each resource appears once; the feed behind it has no gap. */
async function expectChanges(server: ArchiveServer, kept: readonly SampleFile[]): Promise<void> {
  const changes = await allChanges(server);
  const seqs = changes.map(({ Seq }) => Seq);
  expect(seqs).toEqual([...new Set(seqs)].sort((a, b) => a - b));
  for (const level of LEVELS) {
    const appeared = changes.filter(({ ChangeType }) => ChangeType === NEW[level]).map(({ ID }) => ID);
    expect(appeared.sort()).toEqual([...distinct(kept, level)].sort());
  }
  const [feed] = await query<{ rows: number; last: number }>(
    server,
    'SELECT count(*) AS rows, coalesce(max(seq), 0) AS last FROM change_feed',
  );
  expect(feed!.rows).toBe(feed!.last);
}

/** Every page of `/changes`, followed as clients do. */
export async function allChanges(server: ArchiveServer, limit = 50): Promise<Change[]> {
  const changes: Change[] = [];
  for (let since = 0, done = false; !done;) {
    const page = await server.json<{ Changes: Change[]; Done: boolean; Last: number }>(
      `/changes?since=${since}&limit=${limit}`,
    );
    changes.push(...page.Changes);
    since = page.Last;
    done = page.Done;
  }
  return changes;
}

/** Every instance's blob is there. */
async function expectBlobs(server: ArchiveServer): Promise<void> {
  const rows = await query<{ blob_key: string }>(server, 'SELECT blob_key FROM instances');
  const missing = await Promise.all(
    rows.map(({ blob_key: key }) =>
      access(join(server.storage, key.slice(0, 6), key.slice(6, 8), key)).then(
        () => false,
        () => true,
      ),
    ),
  );
  expect(missing.filter(Boolean)).toEqual([]);
}

/** The names of all blobs in a server's storage, finished or not. Empty files are made ahead, for blobs to come. */
export async function blobNames(server: ArchiveServer): Promise<string[]> {
  return (await storedFiles(server)).filter(({ size }) => size > 0).map(({ name }) => name);
}

/** How many files are made ahead for blobs to come. */
export async function spareFiles(server: ArchiveServer): Promise<number> {
  return (await storedFiles(server)).filter(({ size }) => size === 0).length;
}

async function storedFiles(server: ArchiveServer): Promise<{ name: string; size: number }[]> {
  // made for the first file
  if (!existsSync(server.storage)) return [];
  const entries = await readdir(server.storage, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const sized = await Promise.all(
    files.map(async ({ parentPath, name }) => {
      const found = await stat(join(parentPath, name)).catch(() => undefined);
      return found && { name, size: found.size };
    }),
  );
  return sized.filter((file) => file !== undefined);
}

/** The names of the blobs that no instance or job refers to and that are not known to be garbage. */
export async function orphanBlobs(server: ArchiveServer): Promise<string[]> {
  const names = await blobNames(server);
  const rows = await query<{ key: string }>(
    server,
    `SELECT blob_key AS key FROM instances UNION SELECT header_blob FROM headers UNION SELECT blob_key FROM job_blobs
      UNION SELECT key FROM blob_garbage`,
  );
  const owned = new Set(rows.map(({ key }) => key));
  return names.filter((name) => !owned.has(name));
}

function distinct(files: readonly SampleFile[], level: keyof ResourceIds): Set<string> {
  return new Set(files.map(({ ids }) => ids[level]));
}
