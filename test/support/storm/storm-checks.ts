import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { resourceIds } from '@annal/domain';
import { attachEventLog, connectToRunning, FilesystemBlobStore, loadConfiguration } from '@annal/platform';
import { BlobSweeper, SWEEPER_GRACE_H } from '@annal/projections';
import { v7 as uuidv7 } from 'uuid';
import { expectConsistent } from '../archive-checks.js';
import type { ArchiveServer } from '../archive-server.js';
import { asClients } from '../clients.js';
import { postgresFolder, query } from '../database.js';
import { expectPublishedOnce, published } from '../kafka/kafka-archive.js';
import { testKafka } from '../kafka/test-kafka.js';
import { LOG_UNDER_TEST } from '../log-under-test.js';
import type { SampleFile } from '../sample-study.js';
import type { StudyRecord } from './study-record.js';

const LAUNCHER = join(import.meta.dirname, '../../../bin/annal');
const HOUR_MS = 3_600_000;

/**
 * Expects, of an archive nobody writes to, that it has what was acknowledged and nothing of what was deleted, that
 * everything made of that agrees, and that what else kills left are blobs that the sweeper takes.
 * @returns how many it took
 */
export async function expectAcknowledged(server: ArchiveServer, studies: readonly StudyRecord[]): Promise<number> {
  const files = studies.flatMap((study) => study.files);
  const kept = await expectConsistent(server, files);
  const found = new Set(kept);
  expect(studies.flatMap((study) => study.settle(found))).toEqual([]);
  await expectTags(server, kept);
  await expectPublished(server);
  return sweep(server);
}

/** Expects that the whole log, folded anew, tells what clients were told. */
export async function expectRebuildable(server: ArchiveServer): Promise<void> {
  await promisify(execFile)(LAUNCHER, ['rebuild', server.configurationFile], {
    env: { ...process.env, NODE_OPTIONS: '' },
  });
}

/** The tags, which the log and the read models keep sealed, are those of the instance. */
async function expectTags(server: ArchiveServer, files: readonly SampleFile[]): Promise<void> {
  const found = await asClients(4, files, async ({ ids }) => {
    const tags = await server.json<Record<string, string>>(`/instances/${ids.instance}/simplified-tags`);
    return resourceIds({
      patientId: tags.PatientID!,
      studyInstanceUid: tags.StudyInstanceUID!,
      seriesInstanceUid: tags.SeriesInstanceUID!,
      sopInstanceUid: tags.SOPInstanceUID!,
    });
  });
  expect(found).toEqual(files.map(({ ids }) => ids));
}

async function expectPublished(server: ArchiveServer): Promise<void> {
  const kafka = LOG_UNDER_TEST === 'kafka' ? await testKafka() : undefined;
  if (!kafka) return;
  const { Annal } = JSON.parse(readFileSync(server.configurationFile, 'utf8')) as {
    Annal: { EventLog: { ChangesTopic: string } };
  };
  await published(server);
  await expectPublishedOnce(kafka, { server, changesTopic: Annal.EventLog.ChangesTopic });
}

/** Runs the sweeper as if it were tomorrow. @returns how many blobs it took, which are all that nothing refers to */
async function sweep(server: ArchiveServer): Promise<number> {
  const blobs = new SettledBlobs(server.storage);
  const database = server.databaseUrl
    ? { connectionString: server.databaseUrl }
    : (await connectToRunning(postgresFolder(server)))!;
  const { configuration } = loadConfiguration({
    paths: [server.configurationFile],
    environment: {},
    workingDirectory: server.folder,
  });
  const log = attachEventLog(configuration!, database, 'any');
  try {
    const tomorrow = new Date(Date.now() + (SWEEPER_GRACE_H + 1) * HOUR_MS);
    const queryable = {
      query: async <R extends object>(text: string, values: unknown[]) => ({
        rows: await query<R>(server, text, values),
      }),
    };
    const swept = await new BlobSweeper(queryable, log, blobs, SWEEPER_GRACE_H).run(tomorrow);
    // rows first: the reaper removes garbage meanwhile
    const rows = await query<{ key: string }>(
      server,
      `SELECT blob_key AS key FROM instances UNION SELECT header_blob FROM headers UNION SELECT blob_key FROM job_blobs
        UNION SELECT key FROM blob_garbage`,
    );
    const owned = new Set(rows.map(({ key }) => key));
    expect((await blobs.written()).filter((key) => !owned.has(key))).toEqual([]);
    return swept.length;
  } finally {
    await Promise.all([log.close(), blobs.close()]);
  }
}

/**
 * The blobs beside a running server, whose empty files are those it made ahead for blobs to come. Among as many young
 * ones as a large archive has, so that what many kills left is not taken for an accident.
 */
class SettledBlobs extends FilesystemBlobStore {
  constructor(private readonly folder: string) {
    super(folder, false);
  }

  override async *keys(): AsyncGenerator<string> {
    yield* await this.written();
    const young = uuidv7({ msecs: Date.now() + 2 * SWEEPER_GRACE_H * HOUR_MS });
    for (let i = 0; i < 100_000; i++) yield young;
  }

  async written(): Promise<string[]> {
    const keys: string[] = [];
    for await (const key of super.keys()) {
      const path = join(this.folder, key.slice(0, 6), key.slice(6, 8), key);
      const file = await stat(path).catch(() => undefined);
      if (file && file.size > 0) keys.push(key);
    }
    return keys;
  }
}
