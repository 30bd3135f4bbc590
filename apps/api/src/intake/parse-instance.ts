import {
  DicomFormatError,
  type DicomDictionary,
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
import { MissingIdentifier, NotDicom } from './intake-errors.js';

/** What parsing an upload depends on. */
export interface ParseContext {
  readonly dictionary: DicomDictionary;
  readonly mainTags: MainDicomTags;
  readonly defaultEncoding: string;
  readonly limits: Partial<TokenizerLimits>;
}

/** What a file says of itself. */
export type ParsedInstance = Omit<InstanceToStore, 'overwrite' | 'mainTagsSignatures' | 'httpHost'>;

/**
 * Reads identifiers, main tags and header from the beginning of a DICOM file, or all of it.
 * @returns undefined when the header goes on beyond what was given
 * @throws NotDicom, MissingIdentifier
 */
export function parseInstance(
  head: Buffer,
  complete: boolean,
  totalLength: number,
  context: ParseContext,
): ParsedInstance | undefined {
  try {
    const file = tokenize(head, { complete, totalLength, lookup: context.dictionary, limits: context.limits });
    return describe(
      headerModel(file, { dictionary: context.dictionary, defaultEncoding: context.defaultEncoding }),
      context,
    );
  } catch (error) {
    if (!(error instanceof DicomFormatError)) throw error;
    if (error.code === 'header-incomplete' && !complete) return undefined;
    throw new NotDicom(error.message, { cause: error });
  }
}

function describe(model: HeaderModel, { mainTags, dictionary }: ParseContext): ParsedInstance {
  const text = (tag: number): string | undefined => {
    const element = findElement(model.dataset, tag);
    return element && (orthancValue(element).value ?? undefined);
  };
  const [study, series, instance] = [0x0020000d, 0x0020000e, 0x00080018].map(text);
  if (study === undefined || series === undefined || instance === undefined) {
    throw new MissingIdentifier('There is no StudyInstanceUID, SeriesInstanceUID or SOPInstanceUID');
  }
  if (study === '' || series === '' || instance === '') {
    throw new NotDicom('missing StudyInstanceUID, SeriesInstanceUID or SOPInstanceUID');
  }
  const facts = instanceFacts(model);
  const values = mainTagsOf(model, mainTags, dictionary);
  const sequences: Partial<Record<Level, string>> = {};
  for (const level of RESOURCE_LEVELS) {
    const found = values[level].sequences;
    if (found) sequences[level] = mainSequencesMetadata(found);
  }
  const tags: InstanceTags = {
    main: {
      Patient: values.Patient.tags,
      Study: values.Study.tags,
      Series: values.Series.tags,
      Instance: values.Instance.tags,
    },
    ...(Object.keys(sequences).length > 0 && { sequences }),
    transferSyntaxUid: facts.transferSyntaxUid,
    sopClassUid: facts.sopClassUid ?? '',
    indexInSeries: facts.indexInSeries,
    expectedInstances: facts.expectedInstances,
    numberOfFrames: facts.numberOfFrames,
  };
  return {
    ids: resourceIds({
      patientId: text(0x00100020) ?? '',
      studyInstanceUid: study,
      seriesInstanceUid: series,
      sopInstanceUid: instance,
    }),
    tags,
    header: encodeHeader(model),
    pixelDataOffset: facts.pixelDataOffset,
    pixelDataVr: facts.pixelDataVr,
  };
}
