import { DicomDictionary, type ExtraMainDicomTags, MainDicomTags, RESOURCE_LEVELS } from '@annal/dicom';
import { BlobMissing, type BlobStore, BlobUnreadable } from '@annal/domain';
import { isLimit, MissingIdentifier, NotDicom, type OpenedInstance, parseInstance } from '@annal/projections';
import { openStoredFile } from '../blobs/stored-file.js';
import type { AnnalConfiguration } from '../config/index.js';
import { dictionaryOptions } from '../dicom-settings/dictionary-options.js';
import { tokenizerLimits } from '../dicom-settings/tokenizer-limits.js';
import type { Logger } from '../telemetry/logger.js';
import type { RecoverInstance, StoredEvent } from './vault.js';

/** Most headers fit in here, bytes; a longer one is read again with more. */
const FIRST_HEAD = 64 * 1024;
const GROWTH = 16;

/**
 * Reads what an event said of a patient once more from the file, for events whose keys were lost; undefined where that is
 * gone too, damaged, or, as a warning says, that of another instance. Rejects where it is there and cannot be read: it may
 * be another time.
 */
export function instanceRecovery(
  configuration: AnnalConfiguration,
  blobs: Pick<BlobStore, 'stream'>,
  logger: Pick<Logger, 'warn'>,
): RecoverInstance {
  let known: DicomDictionary | undefined;
  const dictionary = (): DicomDictionary => (known ??= new DicomDictionary(dictionaryOptions(configuration)));
  const mainTags = new Map<string, MainDicomTags>();
  const mainTagsOf = ({ data }: StoredEvent): MainDicomTags => {
    const signatures = data.mainTagsSignatures;
    const text = JSON.stringify(signatures ?? {});
    const found = mainTags.get(text) ?? new MainDicomTags(dictionary(), signatures && extraTags(signatures));
    mainTags.set(text, found);
    return found;
  };
  const parse = (head: Buffer, event: StoredEvent): OpenedInstance | undefined => {
    const { size } = event.data.blob;
    const source = { head, complete: head.length >= size, totalLength: size };
    const parsed = parseInstance(source, {
      dictionary: dictionary(),
      mainTags: mainTagsOf(event),
      defaultEncoding: configuration.DefaultEncoding,
      limits: tokenizerLimits(configuration),
    });
    if (!parsed) return undefined;
    const { ids, tags, header } = parsed.instance;
    // the identifier of an instance is made of those of all levels
    if (ids.instance !== event.data.ids.instance) throw new OtherInstance();
    return { tags, header: header.toString('base64'), headerBlob: null, keyId: null };
  };
  return async (event) => {
    try {
      for (let length = FIRST_HEAD; ; length *= GROWTH) {
        const head = await readHead(blobs, event, length);
        const opened = parse(head, event);
        if (opened) return opened;
        // cut off
        if (head.length < length) return undefined;
      }
    } catch (error) {
      const { key } = event.data.blob;
      if (error instanceof OtherInstance) {
        logger.warn(`Blob ${key} does not hold the instance of the ${named(event)}, whose key is lost: it is not used`);
        return undefined;
      }
      if (isGone(error)) return undefined;
      const { code } = error as NodeJS.ErrnoException;
      const message =
        `The key of the ${named(event)} is lost, and its blob ${key} cannot be read (${code ?? 'unknown error'}): ` +
        'make it readable, put it back, or remove it if it is lost for good (docs/operations.md, If the vault is lost)';
      throw Object.assign(new Error(message, { cause: error }), { code });
    }
  };
}

/** The file is that of another instance than the event says. */
class OtherInstance extends Error {}

function named({ id, position }: StoredEvent): string {
  return position ? `event at offset ${position.offset} (${id})` : `event ${id}`;
}

function extraTags(signatures: NonNullable<StoredEvent['data']['mainTagsSignatures']>): ExtraMainDicomTags {
  return Object.fromEntries(
    RESOURCE_LEVELS.map((level) => [level, signatures[level].split(';').filter((tag) => tag !== '')]),
  );
}

/** The beginning of the file, inflated where it is stored compressed. */
async function readHead(blobs: Pick<BlobStore, 'stream'>, { data }: StoredEvent, length: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  const head = await openStoredFile(blobs, data.blob, 0, Math.min(length, data.blob.size));
  for await (const chunk of head) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** Whether it is about the file, not about this moment. */
function isGone(error: unknown): boolean {
  if (error instanceof BlobMissing || error instanceof BlobUnreadable) return true;
  if (error instanceof NotDicom || error instanceof MissingIdentifier) return true;
  return isLimit(error) || ((error as NodeJS.ErrnoException).code?.startsWith('Z_') ?? false);
}
