import { Readable } from 'node:stream';
import { DicomDictionary, headerModel, tokenize } from '@annal/dicom';
import { type BlobStore } from '@annal/domain';
import { type AnnalConfiguration } from '@annal/platform';
import { type HeaderReader } from '@annal/projections';
import { testConfiguration } from '../../http/testing/test-app.js';
import { StoredDataSets } from '../../rest/content/stored-data-sets.js';
import { InstanceFileService, type StoredFile } from '../../rest/instances/instance-file.service.js';

/** What stands around the services of pixel data: one instance, whose file lies in memory. */
export interface StoredImage {
  readonly configuration: AnnalConfiguration;
  readonly dictionary: DicomDictionary;
  readonly headers: HeaderReader;
  readonly files: InstanceFileService;
  readonly dataSets: StoredDataSets;
  readonly blobs: BlobStore;
  readonly file: StoredFile;
  /** What lies in the blob store, by key. */
  readonly stored: ReadonlyMap<string, Buffer>;
  /** The ranges of the file that were read. */
  readonly reads: readonly (readonly [start: number, end: number])[];
}

const dictionary = new DicomDictionary();
const KEY = 'a-blob';

/** A blob store in memory, as far as files of instances need one. */
function blobsIn(stored: Map<string, Buffer>, reads: [number, number][]): BlobStore {
  const part = (key: string, start = 0, end?: number): Buffer => {
    const bytes = stored.get(key)!;
    if (key === KEY) reads.push([start, end ?? bytes.length]);
    return bytes.subarray(start, end);
  };
  const writer = (key: string) => {
    const parts: Buffer[] = [];
    return {
      write: async (chunks: readonly Buffer[]) => void parts.push(...chunks.map((chunk) => Buffer.from(chunk))),
      commit: async () => void stored.set(key, Buffer.concat(parts)),
      abort: async () => undefined,
    };
  };
  return {
    newKey: () => `blob-${stored.size}`,
    create: async (key: string) => writer(key),
    read: async (key: string, start?: number, end?: number) => part(key, start, end),
    stream: async (key: string, start?: number, end?: number) => Readable.from([part(key, start, end)]),
    remove: async (key: string) => void stored.delete(key),
  } as unknown as BlobStore;
}

/** Stores a file. @param limits of `Annal.Limits` */
export function storeImage(bytes: Buffer, limits: object = {}): StoredImage {
  const model = headerModel(tokenize(bytes, { lookup: dictionary }), { dictionary, defaultEncoding: 'Latin1' });
  const file: StoredFile = { id: 'an-instance', key: 1, blobKey: KEY, size: bytes.length, compression: 1 };
  const stored = new Map([[KEY, bytes]]);
  const reads: [number, number][] = [];
  const blobs = blobsIn(stored, reads);
  const configuration = testConfiguration({ Annal: { Limits: limits } });
  const pool = { query: () => Promise.reject(new Error('no database')) };
  const files = new InstanceFileService(configuration, pool, blobs);
  files.find = async () => file;
  const headers = { one: async () => model } as unknown as HeaderReader;
  const dataSets = new StoredDataSets(dictionary, configuration, headers, files);
  return { configuration, dictionary, headers, files, dataSets, blobs, file, stored, reads };
}
