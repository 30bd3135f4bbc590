import { DicomDictionary, type ExtraMainDicomTags, MainDicomTags, RESOURCE_LEVELS } from '@annal/dicom';
import { BlobMissing, type BlobStore, BlobUnreadable, type EventEnvelope, type InstanceStored } from '@annal/domain';
import { isLimit, MissingIdentifier, NotDicom, type OpenedInstance, parseInstance } from '@annal/projections';
import { openStoredFile } from '../blobs/stored-file.js';
import type { AnnalConfiguration } from '../config/index.js';
import { dictionaryOptions } from '../dicom-settings/dictionary-options.js';
import { tokenizerLimits } from '../dicom-settings/tokenizer-limits.js';
import type { RecoverInstance } from './vault.js';

/** Most headers fit in here, bytes; a longer one is read again with more. */
const FIRST_HEAD = 64 * 1024;
const GROWTH = 16;

type Stored = EventEnvelope<InstanceStored>;

/**
 * Reads what an event said of a patient once more from the file, for events whose keys were lost; undefined where that is
 * gone too, or damaged. Rejects where it is there and cannot be read: it may be another time.
 */
export function instanceRecovery(configuration: AnnalConfiguration, blobs: Pick<BlobStore, 'stream'>): RecoverInstance {
  let known: DicomDictionary | undefined;
  const dictionary = (): DicomDictionary => (known ??= new DicomDictionary(dictionaryOptions(configuration)));
  const mainTags = new Map<string, MainDicomTags>();
  const mainTagsOf = ({ data }: Stored): MainDicomTags => {
    const signatures = data.mainTagsSignatures;
    const text = JSON.stringify(signatures ?? {});
    const found = mainTags.get(text) ?? new MainDicomTags(dictionary(), signatures && extraTags(signatures));
    mainTags.set(text, found);
    return found;
  };
  const parse = (head: Buffer, event: Stored): OpenedInstance | undefined => {
    const { size } = event.data.blob;
    const source = { head, complete: head.length >= size, totalLength: size };
    const parsed = parseInstance(source, {
      dictionary: dictionary(),
      mainTags: mainTagsOf(event),
      defaultEncoding: configuration.DefaultEncoding,
      limits: tokenizerLimits(configuration),
    });
    if (!parsed) return undefined;
    const { tags, header } = parsed.instance;
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
      if (isGone(error)) return undefined;
      const { code } = error as NodeJS.ErrnoException;
      const message = `The file of event ${event.id}, whose key is lost, cannot be read: ${code ?? 'unknown error'}`;
      throw Object.assign(new Error(message, { cause: error }), { code });
    }
  };
}

function extraTags(signatures: NonNullable<InstanceStored['data']['mainTagsSignatures']>): ExtraMainDicomTags {
  return Object.fromEntries(
    RESOURCE_LEVELS.map((level) => [level, signatures[level].split(';').filter((tag) => tag !== '')]),
  );
}

/** The beginning of the file, inflated where it is stored compressed. */
async function readHead(blobs: Pick<BlobStore, 'stream'>, { data }: Stored, length: number): Promise<Buffer> {
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
