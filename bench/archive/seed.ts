import { createHash, randomUUID } from 'node:crypto';
import { DicomDictionary, MainDicomTags } from '@annal/dicom';
import { decide, type EventContext, type EventEnvelope, StoreInstance, type StoredBlob } from '@annal/domain';
import {
  connectToRunning,
  type DatabaseConfig,
  KeyStore,
  logCreated,
  MasterKeys,
  PostgresEventLog,
  Session,
  Vault,
} from '@annal/platform';
import { type ParseContext, parseInstance } from '@annal/projections';
import { v7 as uuidv7 } from 'uuid';
import { fileOf, instancesOfStudies } from './instances.js';
import { TINY } from './study.js';

const BATCH = 500;
const RECOVERY_MS = 20_000;

/**
 * Appends the events of uploads straight to the log of a running Annal, without the files themselves: what a large
 * archive needs in order to be searched, made faster than by uploading it. Tables are vacuumed, analysed and written out in
 * the end, as happens by itself to an archive that grows in days instead of seconds.
 */
export async function seedStudies(directory: string, area: number, from: number, to: number): Promise<void> {
  const database = await connectToRunning(directory);
  if (!database) throw new Error(`No PostgreSQL runs in ${directory}`);
  const vault = seedVault(database);
  const log = await PostgresEventLog.open(database, (id) => logCreated(id, 'bench'), uuidv7(), {
    recoveryTimeout: RECOVERY_MS,
    open: vault.open,
  });
  try {
    await appendStudies(vault, (events) => log.submit(events), area, from, to);
    const session = new Session(database, 'bench');
    await session.execute('VACUUM (ANALYZE)');
    await session.execute('CHECKPOINT');
    await session.reset();
  } finally {
    await log.close();
    await vault.close();
  }
}

/** The vault of a running Annal that has no master keys. */
export function seedVault(database: DatabaseConfig): Vault {
  return new Vault(
    new KeyStore(database, new MasterKeys([])),
    { sealing: 60_000, opening: 60_000 },
    async () => undefined,
  );
}

/** Makes the events of uploads and hands them to `append`, some hundreds at once. */
export async function appendStudies(
  vault: Vault,
  append: (events: readonly EventEnvelope[]) => Promise<unknown>,
  area: number,
  from: number,
  to: number,
): Promise<void> {
  const eventOf = eventMaker(vault);
  let events: EventEnvelope[] = [];
  let appending: Promise<unknown> = Promise.resolve();
  for (const sample of instancesOfStudies(area, TINY, from, to)) {
    events.push(await eventOf(fileOf(sample)));
    if (events.length < BATCH) continue;
    // the next batch is made while this one is appended
    await appending;
    appending = append(events);
    events = [];
    await new Promise((resolve) => setImmediate(resolve));
  }
  await appending;
  if (events.length > 0) await append(events);
}

function eventMaker(vault: Vault): (file: Buffer) => Promise<EventEnvelope> {
  const dictionary = new DicomDictionary({});
  const mainTags = new MainDicomTags(dictionary);
  const parse: ParseContext = { dictionary, mainTags, defaultEncoding: 'Latin1', limits: {} };
  const context: EventContext = {
    source: 'bench',
    actor: { protocol: 'http', remoteAddress: '127.0.0.1' },
    correlationId: randomUUID(),
    now: new Date(),
  };
  return async (file) => {
    const { instance } = parseInstance({ head: file, complete: true, totalLength: file.length }, parse)!;
    const blob = blobOf(file);
    const unkept = { blob, save: async () => undefined, discard: async () => undefined };
    const { ids, tags, header } = instance;
    const { sealed } = await vault.seal({ ids, blobKey: blob.key, tags, header });
    return decide(new StoreInstance({ ...instance, overwrite: false }, unkept, context), undefined, sealed);
  };
}

function blobOf(file: Buffer): StoredBlob {
  const md5 = createHash('md5').update(file).digest('hex');
  const size = file.length;
  return { key: uuidv7(), size, md5, storedSize: size, storedMd5: md5, compression: 'none' };
}
