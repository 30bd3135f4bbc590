import {
  type DicomDictionary,
  type DicomFile,
  DicomFormatError,
  encodeHeader,
  findElement,
  type HeaderModel,
  headerModel,
  instanceFacts,
  type MainDicomTags,
  mainSequencesMetadata,
  mainTagsOf,
  orthancValue,
  RESOURCE_LEVELS,
  tokenize,
  type TokenizerLimits,
} from '@annal/dicom';
import { type InstanceTags, type InstanceToStore, type Level, resourceIds } from '@annal/domain';
import { type ClaimedInstance, MissingIdentifier, NotDicom } from './parse-errors.js';

/** What parsing an upload depends on. */
export interface ParseContext {
  readonly dictionary: DicomDictionary;
  readonly mainTags: MainDicomTags;
  readonly defaultEncoding: string;
  readonly limits: Partial<TokenizerLimits>;
}

/** A file, or its beginning. */
export interface FileHead {
  readonly head: Buffer;
  readonly complete: boolean;
  readonly totalLength: number;
}

/** What a file says of itself. */
export type DescribedInstance = Omit<InstanceToStore, 'overwrite' | 'mainTagsSignatures'>;

/** The UIDs of an instance, its study and its series. */
export interface InstanceUids extends ClaimedInstance {
  readonly studyInstanceUid: string;
  readonly seriesInstanceUid: string;
}

export interface ParsedInstance {
  readonly instance: DescribedInstance;
  readonly uids: InstanceUids;
  /** Encapsulated pixel data whose fragments lie beyond the head: still to be checked. */
  readonly unchecked?: { readonly pixelData: NonNullable<DicomFile['pixelData']>; readonly littleEndian: boolean };
}

/**
 * Reads identifiers, main tags and header from the beginning of a DICOM file, or all of it.
 * @returns undefined when the header goes on beyond what was given
 * @throws NotDicom, MissingIdentifier; DicomFormatError where a limit of the context is passed
 */
export function parseInstance(source: FileHead, context: ParseContext): ParsedInstance | undefined {
  const { head, complete, totalLength } = source;
  const { dictionary, defaultEncoding, limits } = context;
  try {
    const file = tokenize(head, { complete, totalLength, lookup: dictionary, limits });
    // what stands behind the pixel data is kept with the file alone, as Orthanc does
    const model = headerModel({ ...file, trailing: [] }, { dictionary, defaultEncoding });
    const described = describe(model, context);
    const { pixelData } = file;
    if (complete || !pixelData?.undefinedLength) return described;
    return { ...described, unchecked: { pixelData, littleEndian: file.dataset.littleEndian } };
  } catch (error) {
    if (!(error instanceof DicomFormatError) || isLimit(error)) throw error;
    if (error.code === 'header-incomplete' && !complete) return undefined;
    throw invalidFile(totalLength, error);
  }
}

/** Whether a file was refused for its size or shape, not for what it is. */
export function isLimit(error: unknown): boolean {
  return error instanceof DicomFormatError && error.code.startsWith('limit-');
}

/** What is said of a file that cannot be parsed. */
export function invalidFile(totalLength: number, cause: unknown): NotDicom {
  return new NotDicom(`Cannot parse an invalid DICOM file (size: ${totalLength} bytes)`, { cause });
}

function describe(
  model: HeaderModel,
  { mainTags, dictionary }: ParseContext,
): Pick<ParsedInstance, 'instance' | 'uids'> {
  const text = (tag: number): string | undefined => {
    const element = findElement(model.dataset, tag);
    return element && (orthancValue(element).value ?? undefined);
  };
  const [study, series, instance] = [0x0020000d, 0x0020000e, 0x00080018].map(text);
  if (study === undefined || series === undefined || instance === undefined) {
    throw new MissingIdentifier(
      'There is no StudyInstanceUID, SeriesInstanceUID or SOPInstanceUID',
      claimedBy(instance, text(0x00080016)),
    );
  }
  if (study === '' || series === '' || instance === '') {
    throw new NotDicom('missing StudyInstanceUID, SeriesInstanceUID or SOPInstanceUID');
  }
  const { pixelDataOffset, pixelDataVr, ...facts } = instanceFacts(model);
  const sopClassUid = facts.sopClassUid ?? '';
  const uids = { sopClassUid, studyInstanceUid: study, seriesInstanceUid: series, sopInstanceUid: instance };
  return {
    uids,
    instance: {
      ids: resourceIds({ ...uids, patientId: text(0x00100020) ?? '' }),
      tags: { ...mainTagValues(model, mainTags, dictionary), ...facts, sopClassUid },
      header: encodeHeader(model),
      pixelDataOffset,
      pixelDataVr,
    },
  };
}

function claimedBy(sopInstanceUid = '', sopClassUid = ''): ClaimedInstance | undefined {
  return sopInstanceUid === '' || sopClassUid === '' ? undefined : { sopClassUid, sopInstanceUid };
}

function mainTagValues(
  model: HeaderModel,
  mainTags: MainDicomTags,
  dictionary: DicomDictionary,
): Pick<InstanceTags, 'main' | 'sequences'> {
  const values = mainTagsOf(model, mainTags, dictionary);
  const sequences: Partial<Record<Level, string>> = {};
  for (const level of RESOURCE_LEVELS) {
    const found = values[level].sequences;
    if (found) sequences[level] = mainSequencesMetadata(found);
  }
  const main = {
    Patient: values.Patient.tags,
    Study: values.Study.tags,
    Series: values.Series.tags,
    Instance: values.Instance.tags,
  };
  return Object.keys(sequences).length > 0 ? { main, sequences } : { main };
}
