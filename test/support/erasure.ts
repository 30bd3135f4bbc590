import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeHeader } from '@annal/dicom';
import { BEGINNING, type EventEnvelope, isSealedJobEvent, type RecordedEvent, resourceIds } from '@annal/domain';
import {
  type AnnalConfiguration,
  attachEventLog,
  connectToRunning,
  controlTopic,
  type DatabaseConfig,
  kafkaLogOptions,
  KeyStore,
  loadConfiguration,
  MasterKeys,
  Vault,
} from '@annal/platform';
import { isType, type SealedEvent } from '@annal/projections';
import { buildInstance } from '../../libs/dicom/src/testing/instance-builder.js';
import { KafkaPartition } from '../../libs/platform/src/kafka/kafka-partition.js';
import { openInstance, openMetadata, openPatientPart } from '../../libs/platform/src/vault/personal-part.js';
import type { ArchiveServer } from './archive-server.js';
import { postgresFolder, query } from './database.js';
import { until } from './processes.js';
import type { SampleFile } from './sample-study.js';

/** A file whose texts are found nowhere else, and those texts: of the patient, and of the study and what is below it. */
export interface TellingFile extends SampleFile {
  readonly patientTexts: readonly string[];
  readonly studyTexts: readonly string[];
}

/** Makes a file that says something of its own in each of its tags. @param name of capitals and digits */
export function tellingFile(patient: string, study: string, instance: number): TellingFile {
  const number = (text: string): string =>
    String(parseInt(createHash('md5').update(text).digest('hex').slice(0, 8), 16));
  const studyUid = `1.2.826.0.1.${number(study)}`;
  const seriesUid = `${studyUid}.7`;
  const sopUid = `${seriesUid}.${instance}`;
  const birthDate = `19${number(patient).slice(0, 2)}0101`;
  const bytes = buildInstance({
    patientId: `ID-${patient}`,
    patientName: `NAME-${patient}-${study}^GIVEN`,
    patientBirthDate: birthDate,
    studyUid,
    seriesUid,
    sopUid,
    studyDescription: `DESCRIBED-${study}`,
    studyId: `SID-${study}`,
    seriesDescription: `SERIES-${study}`,
    accessionNumber: `ACC-${study}`,
    extra: [
      [0x00080081, 'ST', `ADDRESS-${study}`],
      [0x00104000, 'LT', `COMMENT-${study}`],
    ],
    pixelBytes: 512,
  });
  return {
    bytes,
    md5: createHash('md5').update(bytes).digest('hex'),
    ids: resourceIds({
      patientId: `ID-${patient}`,
      studyInstanceUid: studyUid,
      seriesInstanceUid: seriesUid,
      sopInstanceUid: sopUid,
    }),
    patientTexts: [`ID-${patient}`, `NAME-${patient}-${study}`, birthDate],
    studyTexts: [
      studyUid,
      `DESCRIBED-${study}`,
      `SID-${study}`,
      `SERIES-${study}`,
      `ACC-${study}`,
      `ADDRESS-${study}`,
      `COMMENT-${study}`,
    ],
  };
}

/** A process that says on its standard error what it does. */
interface Logging {
  readonly log: string;
}

/** Everything of a server that lasts, opened with whatever keys there are. */
export class Remains {
  private constructor(
    private readonly server: ArchiveServer,
    readonly configuration: AnnalConfiguration,
    readonly database: DatabaseConfig,
    private readonly beside: readonly Logging[],
  ) {}

  /** @param beside further processes of the same archive, such as projectors */
  static async of(server: ArchiveServer, ...beside: readonly Logging[]): Promise<Remains> {
    const { configuration, errors } = loadConfiguration({
      paths: [server.configurationFile],
      environment: {},
      workingDirectory: server.folder,
    });
    if (!configuration) throw new Error(errors.join('\n'));
    const database =
      server.databaseUrl === undefined
        ? (await connectToRunning(postgresFolder(server)))!
        : { connectionString: server.databaseUrl };
    return new Remains(server, configuration, database, beside);
  }

  /** Those of some texts that are found anywhere, in clear or behind a key that is still there. */
  async find(texts: readonly string[]): Promise<string[]> {
    const [events, topics, tables, files, database] = await Promise.all([
      this.events(),
      this.topics(),
      this.tables(),
      this.files(),
      this.databaseLog(),
    ]);
    const places: Record<string, string> = {
      log: JSON.stringify(events),
      topics,
      'clear parts': events
        .map(({ sealed }) => fromBase64(sealed?.tags) + fromBase64(sealed?.header) + fromBase64(sealed?.value))
        .join(),
      'opened parts': await this.opened(events),
      'parts under any key': await this.openedByAnyKey(events),
      tables,
      files,
      messages: [this.server, ...this.beside].map(({ log }) => log).join('\n'),
      'messages of PostgreSQL': database,
    };
    return texts.flatMap((text) =>
      Object.entries(places)
        .filter(([, content]) => content.includes(text))
        .map(([place]) => `${text} in ${place}`),
    );
  }

  /** All events of the log. */
  async events(): Promise<readonly RecordedEvent[]> {
    const log = attachEventLog(this.configuration, this.database, 'any');
    try {
      return await log.read(BEGINNING, 100_000);
    } finally {
      await log.close();
    }
  }

  /** All records as they lie in the topics of a log in Kafka, also those that were never committed; empty without one. */
  async topics(): Promise<string> {
    const { EventLog } = this.configuration.Annal;
    if (EventLog.Kind !== 'kafka') return '';
    const names = [EventLog.Topic, controlTopic(EventLog.Topic), EventLog.ChangesTopic];
    return (await Promise.all(names.map((name) => this.topic(name)))).join('\n');
  }

  private async topic(name: string): Promise<string> {
    const partition = new KafkaPartition(kafkaLogOptions(this.configuration).connection, name);
    const found = [name];
    try {
      for (let offset = 0, end = 1; offset < end;) {
        const { records, next, end: known } = await partition.fetch(offset, 0, 1024 * 1024);
        for (const { key, headers, value } of records) {
          found.push(String(key), ...Object.entries(headers).flat().map(String), String(value));
        }
        [offset, end] = [next, known];
      }
      return found.join('\n');
    } finally {
      await partition.close();
    }
  }

  /** What the embedded PostgreSQL wrote to its own files of messages; empty where it is none of this server's. */
  async databaseLog(): Promise<string> {
    if (this.server.databaseUrl !== undefined) return '';
    const folder = postgresFolder(this.server);
    const names = (await readdir(folder)).filter((name) => name.startsWith('postgresql.log'));
    return (await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')))).join('\n');
  }

  private async opened(events: readonly RecordedEvent[]): Promise<string> {
    const store = new KeyStore(this.database, new MasterKeys([]));
    // by keys alone, whatever files are there
    const vault = new Vault(store, { sealing: 0, opening: 0 }, async () => undefined);
    try {
      const opened = await vault.open(sealedOf(events));
      return opened
        .map((one) =>
          one instanceof Error ? one.message : JSON.stringify(one) + ('header' in one ? fromBase64(one.header) : ''),
        )
        .join();
    } finally {
      await vault.close();
    }
  }

  private async openedByAnyKey(events: readonly RecordedEvent[]): Promise<string> {
    const store = new KeyStore(this.database, new MasterKeys([]));
    try {
      const ids = await query<{ id: string }>(this.server, 'SELECT id FROM annal_vault.study_keys');
      const keys = await store.byId(ids.map(({ id }) => id));
      const found: string[] = [];
      for (const { study, patient, id } of keys.values()) {
        for (const event of sealedOf(events)) {
          // a key may have been used for another part than its own
          for (const key of [study, patient]) {
            if (!key) continue;
            if (isType(event, 'annal.metadata.set.v1')) {
              found.push(attempt(() => openMetadata({ id, study: key, patient: key }, event).value));
            }
            if (!isType(event, 'annal.instance.stored.v1')) continue;
            found.push(attempt(() => JSON.stringify(openInstance({ id, study: key, patient: key }, event))));
            found.push(attempt(() => JSON.stringify(openPatientPart({ id, patient: key }, event))));
          }
        }
      }
      return found.join();
    } finally {
      await store.close();
    }
  }

  /** All rows of all tables, headers inflated. */
  private async tables(): Promise<string> {
    const tables = await query<{ name: string }>(
      this.server,
      `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname LIKE 'annal%' OR schemaname = 'public'`,
    );
    const rows: string[] = [];
    for (const { name } of tables) {
      for (const { row } of await query<{ row: string }>(this.server, `SELECT t::text AS row FROM ${name} t`)) {
        rows.push(`${name} ${row}`);
      }
    }
    const headers = await query<{ header: Buffer | null }>(this.server, 'SELECT header FROM headers');
    for (const { header } of headers) if (header) rows.push(JSON.stringify(decodeHeader(header, 1_000_000)));
    return rows.join('\n');
  }

  /** All files but those that are about to be removed. */
  private async files(): Promise<string> {
    const rows = await query<{ key: string }>(this.server, 'SELECT key FROM blob_garbage');
    const doomed = new Set(rows.map(({ key }) => key));
    const entries = await readdir(this.server.storage, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile() && !doomed.has(entry.name));
    const contents = await Promise.all(
      files.map(({ parentPath, name }) => readFile(join(parentPath, name), 'latin1').catch(() => '')),
    );
    return contents.join('\n');
  }
}

/** Resolves when so many whole keys of studies are left, and nothing waits to be retired. */
export async function erased(server: ArchiveServer, keysLeft: number): Promise<void> {
  await until(async () => {
    const [row] = await query<{ removed: number; keys: number }>(
      server,
      `SELECT (SELECT count(*) FROM removed_studies) AS removed,
        (SELECT count(*) FROM annal_vault.study_keys WHERE secret IS NOT NULL) AS keys`,
    );
    return row!.removed === 0 && row!.keys === keysLeft;
  }, 60_000);
}

/** Resolves when the files of what was deleted are gone. */
export async function filesGone(server: ArchiveServer): Promise<void> {
  await until(async () => (await query(server, 'SELECT 1 FROM blob_garbage')).length === 0, 60_000);
}

function sealedOf(events: readonly RecordedEvent[]): EventEnvelope<SealedEvent>[] {
  return events.filter(
    (event) =>
      isType(event, 'annal.instance.stored.v1') ||
      isType(event, 'annal.metadata.set.v1') ||
      isSealedJobEvent(event.type),
  ) as EventEnvelope<SealedEvent>[];
}

function fromBase64(text: string | null | undefined): string {
  return text ? Buffer.from(text, 'base64').toString('latin1') : '';
}

function attempt(open: () => string): string {
  try {
    return open();
  } catch {
    return '';
  }
}
