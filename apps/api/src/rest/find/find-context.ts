import type { DicomDictionary, MainDicomTags } from '@annal/dicom';
import { OrthancError } from '../../http/errors/http-errors.js';
import type { MetadataNames } from '../metadata/metadata-names.js';

/** What a search depends on beside the request. */
export interface FindContext {
  readonly dictionary: DicomDictionary;
  readonly mainTags: MainDicomTags;
  readonly metadataNames: MetadataNames;
  /** The option CaseSensitivePN, which holds where the request does not say. */
  readonly caseSensitive: boolean;
}

/** The error for a tag that no dictionary knows. */
export function unknownTag(name: string): OrthancError {
  return new OrthancError('UnknownDicomTag', name);
}
