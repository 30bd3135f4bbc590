import { DicomDirectory, type DirectoryOptions, type HeaderModel } from '@annal/dicom';
import type { HeaderReader } from '@annal/projections';
import { OrthancError } from '../../http/errors/http-errors.js';
import type { ZipSource } from '../../zip/zip-source.js';
import type { ArchiveFile } from './archive-files.js';
import type { FileInArchive } from './file-in-archive.js';

const SOP_CLASS_UID = 0x00080016;
const SOP_INSTANCE_UID = 0x00080018;
/** So many headers are read at once. */
const BATCH = 100;

/**
 * The files of a medium, and after them its DICOMDIR, which lists them as they were written.
 * @throws OrthancError 404 for an instance whose header is gone
 */
export async function* mediaSources(
  files: AsyncIterable<ArchiveFile>,
  headers: HeaderReader,
  fileOf: (file: ArchiveFile) => FileInArchive,
  options: DirectoryOptions,
): AsyncGenerator<ZipSource, void> {
  const directory = new DicomDirectory(options);
  let listing = Promise.resolve();
  for await (const [file, header] of withHeaders(files, headers)) {
    const { source, written } = fileOf(file);
    yield source;
    listing = listing.then(async () => {
      const { patientId, studyId, seriesId } = file.series;
      directory.add({
        header,
        file: { ...identifiersIn(header), fileId: file.path.split('/'), ...(await written) },
        within: [patientId, studyId, seriesId],
      });
    });
    // it is looked at where the directory is written
    listing.catch(() => undefined);
  }
  yield {
    name: 'DICOMDIR',
    size: 0,
    open: async () => {
      await listing;
      return directory.bytes();
    },
  };
}

async function* withHeaders(
  files: AsyncIterable<ArchiveFile>,
  headers: HeaderReader,
): AsyncGenerator<readonly [ArchiveFile, HeaderModel], void> {
  for await (const batch of batches(files)) {
    const models = await headers.some(batch.map(({ instance }) => instance.key));
    for (const file of batch) {
      const model = models.get(file.instance.key);
      if (!model) throw new OrthancError('InexistentItem', 'Deleted while it was archived');
      yield [file, model];
    }
  }
}

async function* batches<T>(items: AsyncIterable<T>): AsyncGenerator<readonly T[], void> {
  let batch: T[] = [];
  for await (const item of items) {
    if (batch.push(item) < BATCH) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

function identifiersIn({ dataset, syntax }: HeaderModel): {
  sopClassUid: string;
  sopInstanceUid: string;
  transferSyntaxUid: string;
} {
  const text = (tag: number): string => {
    const value = dataset.find((element) => element[0] === tag)?.[2];
    return typeof value === 'string' ? value : '';
  };
  return { sopClassUid: text(SOP_CLASS_UID), sopInstanceUid: text(SOP_INSTANCE_UID), transferSyntaxUid: syntax };
}
