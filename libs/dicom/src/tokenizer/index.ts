export { ITEM, SEQUENCE_DELIMITER, UNDEFINED_LENGTH } from './element-header.js';
export { DicomFormatError, type DicomFormatCode } from './errors.js';
export { dataSetOffset } from './data-set-offset.js';
export { DEFAULT_LIMITS, type TokenizerLimits } from './limits.js';
export { FragmentScanner } from './fragment-scanner.js';
export { isDicom } from './sniff.js';
export {
  type ElementEncoding,
  encodingOf,
  EXPLICIT_BIG_ENDIAN,
  EXPLICIT_LITTLE_ENDIAN,
  IMPLICIT_LITTLE_ENDIAN,
  isDeflated,
} from './transfer-syntax.js';
export { tokenize, type TokenizeOptions } from './tokenize.js';
export { hasLongLength } from './vr-codes.js';
export { type VrLookup } from './vr-lookup.js';
