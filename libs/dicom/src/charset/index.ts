export { decodeText } from './decode.js';
export { DEFAULT_ENCODINGS, defaultCharacterSets } from './default-encodings.js';
export { characterSetTerms } from './terms.js';
