import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BlobStore, JobPartToSeal, PersonalPart, Sealed, SealedPart, ValueToSeal } from '@annal/domain';
import {
  type DatabaseConfig,
  FilesystemBlobStore,
  openPool,
  PostgresJobLeases,
  PostgresResourceLookup,
  PostgresStorageQuota,
  storageLimits,
} from '@annal/platform';
import { Recycler } from '@annal/projections';
import { openTestLog, type TestLog } from '../../../../../test/support/test-log.js';
import { REMOTES_IN_CLEAR } from './remotes-in-clear.js';
import { startTestApp, testConfiguration, type TestApp } from '../../http/testing/test-app.js';

/** The application with a log and files of its own: everything that can be written and read in one process. */
export interface WritingApp {
  readonly app: TestApp;
  readonly log: TestLog['log'];
  readonly blobs: BlobStore;
  readonly database: DatabaseConfig;
  readonly get: TestApp['get'];
  /** Runs SQL on the read models. */
  readonly execute: TestLog['session']['execute'];
  /** Sends a request; the body of the answer as bytes. */
  send(method: string, path: string, body?: RequestInit['body'], headers?: Record<string, string>): Promise<Answer>;
  /** The keys of all blobs. */
  blobKeys(): Promise<readonly string[]>;
  close(): Promise<void>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Buffer;
  /** The body as text. */
  readonly text: string;
  /** The body as JSON; undefined where it is empty. */
  readonly json: unknown;
}

/** @param options the configuration file */
export async function startWritingApp(options: object = {}): Promise<WritingApp> {
  const test = await openTestLog();
  const folder = await mkdtemp(join(tmpdir(), 'annal-test-'));
  const pool = openPool(test.database.connection, 'test', 4);
  const blobStore = new FilesystemBlobStore(folder, false);
  const configuration = testConfiguration({ AuthenticationEnabled: false, ...options });
  const limits = storageLimits(configuration);
  const jobLeases = new PostgresJobLeases(test.database.connection, randomUUID());
  const recycler = new Recycler(pool, test.log, limits);
  const system = { source: 'test', actor: { protocol: 'system' }, correlationId: 'test' } as const;
  const app = await startTestApp(options, {
    configuration,
    pool,
    blobStore,
    eventWriter: test.log,
    eventLog: test.log,
    vault: {
      seal: sealNothing,
      sealValue: sealNoValue,
      sealJob: sealNoJob,
      ...REMOTES_IN_CLEAR,
      openHeader: async () => undefined,
    },
    jobLeases,
    resourceLookup: new PostgresResourceLookup(pool),
    storageQuota: new PostgresStorageQuota(
      pool,
      undefined,
      { ...limits, mode: configuration.MaximumStorageMode, timeout: 10_000 },
      (wanted) => recycler.makeRoom(wanted, { ...system, now: new Date() }),
    ),
  });
  return {
    app,
    log: test.log,
    blobs: blobStore,
    database: test.database.connection,
    get: (type) => app.get(type),
    execute: test.session.execute,
    send: async (method, path, body, headers = {}) => {
      const answer = await fetch(app.url + path, { method, body, headers, redirect: 'manual' });
      const bytes = Buffer.from(await answer.arrayBuffer());
      const text = bytes.toString('utf8');
      return { status: answer.status, headers: answer.headers, bytes, text, json: parsed(text) };
    },
    blobKeys: async () => {
      const keys: string[] = [];
      for await (const key of blobStore.keys()) if (!(await blobStore.isEmpty(key))) keys.push(key);
      return keys.sort();
    },
    close: async () => {
      await app.close();
      await jobLeases.close();
      await pool.end();
      await test.close();
      await blobStore.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Personal data in clear, for a log without keys. */
async function sealNothing({ tags, header }: PersonalPart): Promise<SealedPart> {
  return {
    sealed: {
      keyId: null,
      algorithm: 'none',
      tags: Buffer.from(JSON.stringify(tags)).toString('base64'),
      header: header.toString('base64'),
    },
  };
}

async function sealNoValue({ value }: ValueToSeal): Promise<Sealed> {
  return { keyId: null, algorithm: 'none', value: Buffer.from(value).toString('base64') };
}

async function sealNoJob({ text }: JobPartToSeal): Promise<Sealed> {
  return { keyId: null, algorithm: 'none', value: Buffer.from(text).toString('base64') };
}
