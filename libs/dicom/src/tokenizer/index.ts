export { DicomFormatError, type DicomFormatCode } from './errors.js';
export { DEFAULT_LIMITS, type TokenizerLimits } from './limits.js';
export { FragmentScanner } from './fragment-scanner.js';
export { isDicom } from './sniff.js';
export { tokenize, type TokenizeOptions } from './tokenize.js';
export { type VrLookup } from './vr-lookup.js';
