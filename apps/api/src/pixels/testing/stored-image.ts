import { DicomDictionary, headerModel, tokenize } from '@annal/dicom';
import { type BlobStore } from '@annal/domain';
import { type AnnalConfiguration } from '@annal/platform';
import { type HeaderReader } from '@annal/projections';
import { Readable } from 'node:stream';
import { testConfiguration } from '../../http/testing/test-app.js';
import { InstanceFileService, type StoredFile } from '../../rest/instances/instance-file.service.js';

/** What stands around the services of pixel data: one instance, whose file lies in memory. */
export interface StoredImage {
  readonly configuration: AnnalConfiguration;
  readonly headers: HeaderReader;
  readonly files: InstanceFileService;
  readonly file: StoredFile;
  /** The ranges that were read. */
  readonly reads: readonly (readonly [start: number, end: number])[];
}

const dictionary = new DicomDictionary();

/** Stores a file. @param limits of `Annal.Limits` */
export function storeImage(bytes: Buffer, limits: object = {}): StoredImage {
  const model = headerModel(tokenize(bytes, { lookup: dictionary }), { dictionary, defaultEncoding: 'Latin1' });
  const file: StoredFile = { id: 'an-instance', key: 1, blobKey: 'a-blob', size: bytes.length, compression: 1 };
  const reads: [number, number][] = [];
  const part = (start = 0, end = bytes.length): Buffer => {
    reads.push([start, end]);
    return bytes.subarray(start, end);
  };
  const blobs = {
    read: async (_key: string, start?: number, end?: number) => part(start, end),
    stream: async (_key: string, start?: number, end?: number) => Readable.from([part(start, end)]),
  } as unknown as BlobStore;
  const files = new InstanceFileService({ query: () => Promise.reject(new Error('no database')) }, blobs);
  files.find = async () => file;
  return {
    configuration: testConfiguration({ Annal: { Limits: limits } }),
    headers: { one: async () => model } as unknown as HeaderReader,
    files,
    file,
    reads,
  };
}
