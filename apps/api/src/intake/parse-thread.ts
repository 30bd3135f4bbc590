import { workerData } from 'node:worker_threads';
import { DicomDictionary, type DictionaryOptions, type ExtraMainDicomTags, MainDicomTags } from '@annal/dicom';
import {
  type ClaimedInstance,
  type FileHead,
  isLimit,
  MissingIdentifier,
  NotDicom,
  type ParseContext,
  type ParsedInstance,
  parseInstance,
} from '@annal/projections';

/** What a parsing thread is made with. */
export interface ParseThreadData {
  readonly dictionary: DictionaryOptions;
  readonly extraMainTags: ExtraMainDicomTags;
}

/** A task of a parsing thread. */
export interface ParseTask extends Pick<ParseContext, 'defaultEncoding' | 'limits'> {
  readonly source: FileHead;
}

/** Errors lose their class between threads. */
export type ParseOutcome =
  | { readonly parsed: ParsedInstance | undefined }
  | {
      readonly failure: 'NotDicom' | 'MissingIdentifier' | 'limit';
      readonly message: string;
      readonly claimed?: ClaimedInstance;
    };

const data = workerData as ParseThreadData;
const dictionary = new DicomDictionary(data.dictionary);
const mainTags = new MainDicomTags(dictionary, data.extraMainTags);

/** Parses in a thread of its own what would hold up the event loop. */
export default function parse({ source, defaultEncoding, limits }: ParseTask): ParseOutcome {
  const { buffer, byteOffset, length } = source.head;
  const head = Buffer.from(buffer, byteOffset, length);
  try {
    return { parsed: parseInstance({ ...source, head }, { dictionary, mainTags, defaultEncoding, limits }) };
  } catch (error) {
    if (error instanceof NotDicom) return { failure: 'NotDicom', message: error.message };
    if (error instanceof MissingIdentifier) {
      const { message, claimed } = error;
      return { failure: 'MissingIdentifier', message, ...(claimed && { claimed }) };
    }
    if (isLimit(error)) return { failure: 'limit', message: (error as Error).message };
    throw error;
  }
}
