import type { ReferencedFile } from '@annal/dicom';
import { OrthancError } from '../../http/errors/http-errors.js';
import { PART_SIZE } from '../../zip/parts.js';
import type { FileInPieces, ZipSource } from '../../zip/zip-source.js';
import { canOnlyBeStored, type TranscodeService } from '../../pixels/transcode.service.js';
import { complete } from '../../http/answers/complete.js';
import type { InstanceFileService } from '../instances/instance-file.service.js';
import type { ArchiveFile } from './archive-files.js';
import type { Transcoding } from './archive-request.js';

/** What a file says of itself as it is written, where that is not what is stored. */
export type WrittenIdentifiers = Partial<Pick<ReferencedFile, 'sopInstanceUid' | 'transferSyntaxUid'>>;

/** A file on its way into an archive. */
export interface FileInArchive {
  readonly source: ZipSource;
  readonly written: Promise<WrittenIdentifiers>;
}

/** The file as it is stored: a small one is read at once, a larger one in pieces. */
export function storedFile({ path, instance }: ArchiveFile, files: InstanceFileService): FileInArchive {
  const { size } = instance;
  const open = async (): Promise<Buffer | FileInPieces> => {
    if (size > PART_SIZE) return { size, pieces: complete(await files.open(instance), size) };
    const file = await files.read(instance, 0, size);
    if (file.length !== size) throw new OrthancError('CorruptedFile');
    return file;
  };
  return { source: { name: path, size, open }, written: Promise.resolve({}) };
}

/**
 * The file in another transfer syntax; as it is stored where it cannot be had in that one, as in Orthanc, or is beyond a limit.
 * @param gone aborted when nobody waits for the archive any more
 */
export function transcodedFile(
  file: ArchiveFile,
  { transferSyntax, lossyQuality }: Transcoding,
  transcoder: TranscodeService,
  files: InstanceFileService,
  gone: AbortSignal,
): FileInArchive {
  const written = Promise.withResolvers<WrittenIdentifiers>();
  const open = async (): Promise<Buffer | FileInPieces> => {
    try {
      const { instance } = file;
      const { stream, size, sopInstanceUid } = await transcoder.transcode(instance, transferSyntax, lossyQuality, gone);
      written.resolve({ transferSyntaxUid: transferSyntax, ...(sopInstanceUid !== undefined && { sopInstanceUid }) });
      return { size, pieces: complete(stream, size) };
    } catch (error) {
      if (!canOnlyBeStored(error)) throw error;
      written.resolve({});
      return storedFile(file, files).source.open();
    }
  };
  return { source: { name: file.path, size: undefined, open }, written: written.promise };
}
