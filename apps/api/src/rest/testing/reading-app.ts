import { Readable } from 'node:stream';
import { encodeHeader, type HeaderElement } from '@annal/dicom';
import type { BlobStore, EventEnvelope, InstanceStored, JobPartToSeal, ValueToSeal } from '@annal/domain';
import { openPool, PostgresResourceLookup } from '@annal/platform';
import { storedEvent, type SampleInstance } from '../../../../../test/support/stored-event.js';
import { openTestLog, type TestLog } from '../../../../../test/support/test-log.js';
import type { AppContext } from '../../http/app-context.js';
import { REMOTES_IN_CLEAR } from './remotes-in-clear.js';
import { startTestApp, type TestApp } from '../../http/testing/test-app.js';

/** The application on a database of its own, filled by events; what it seals stays in clear. */
export interface ReadingApp {
  readonly app: TestApp;
  readonly log: TestLog['log'];
  readonly pool: ReturnType<typeof openPool>;
  /** Runs SQL on the read models. */
  readonly execute: TestLog['session']['execute'];
  /** The JSON of a GET, or of a POST of `body`. */
  ask<T = unknown>(path: string, body?: unknown): Promise<{ readonly status: number; readonly json: T }>;
  close(): Promise<void>;
}

/** @param file what lies in the blob store, whatever the key, or by it; or the blob store */
export async function startReadingApp(
  options: object = {},
  file: Buffer | ReadonlyMap<string, Buffer> | BlobStore = Buffer.alloc(0),
): Promise<ReadingApp> {
  const test = await openTestLog();
  const pool = openPool(test.database.connection, 'test', 4);
  const blobStore = 'stream' in file ? file : storeOf(file);
  const vault = {
    sealValue: async ({ value }: ValueToSeal) =>
      ({ keyId: null, algorithm: 'none', value: Buffer.from(value).toString('base64') }) as const,
    sealJob: async ({ text }: JobPartToSeal) =>
      ({ keyId: null, algorithm: 'none', value: Buffer.from(text).toString('base64') }) as const,
    ...REMOTES_IN_CLEAR,
  } as AppContext['vault'];
  const resourceLookup = new PostgresResourceLookup(pool);
  const parts = { pool, blobStore, eventWriter: test.log, resourceLookup, vault };
  const app = await startTestApp({ AuthenticationEnabled: false, ...options }, parts);
  return {
    app,
    log: test.log,
    pool,
    execute: test.session.execute,
    ask: async (path, body) => {
      const request = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
      const answer = await fetch(app.url + path, request);
      const text = await answer.text();
      return { status: answer.status, json: (text === '' ? undefined : JSON.parse(text)) as never };
    },
    close: async () => {
      await app.close();
      await pool.end();
      await test.close();
    },
  };
}

function storeOf(file: Buffer | ReadonlyMap<string, Buffer>): BlobStore {
  const part = (key: string, start?: number, end?: number): Buffer =>
    (Buffer.isBuffer(file) ? file : file.get(key)!).subarray(start, end);
  return {
    stream: async (key: string, start?: number, end?: number) => Readable.from([part(key, start, end)]),
    // readers may free what they got
    read: async (key: string, start?: number, end?: number) => Buffer.from(part(key, start, end)),
  } as unknown as BlobStore;
}

/** A stored instance with these elements in its header, its identifiers beside them. */
export function instanceWith(
  sample: SampleInstance,
  elements: readonly HeaderElement[] = [],
): EventEnvelope<InstanceStored> {
  const event = storedEvent(sample);
  const dataset: readonly HeaderElement[] = [
    [0x00080018, 'UI', sample.instance],
    [0x00100010, 'PN', `NAME^${sample.patient}`],
    [0x00100020, 'LO', sample.patient],
    [0x0020000d, 'UI', sample.study],
    [0x0020000e, 'UI', sample.series],
    ...elements,
  ];
  const meta: readonly HeaderElement[] = [
    [0x00020001, 'OB', { b: 'AAE=' }],
    [0x00020010, 'UI', '1.2.840.10008.1.2.1'],
  ];
  const header = encodeHeader({ version: 1, syntax: '1.2.840.10008.1.2.1', meta, dataset });
  return { ...event, sealed: { ...event.sealed!, header: header.toString('base64') } };
}
