export { type DictionaryEntry } from './dictionary/entry.js';
export { DicomDictionary, type DictionaryOptions, type NamedTag, UNKNOWN_TAG_NAME } from './dictionary/dicom-dictionary.js';
export { formatTag, isPrivate, isPrivateCreator, parseHexTag, privateCreatorTag, tagHex } from './dictionary/tag-text.js';
export * from './main-tags/main-dicom-tags.js';
