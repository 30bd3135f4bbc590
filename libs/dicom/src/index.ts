export { type DictionaryEntry, UNKNOWN_TAG_NAME } from './dictionary/entry.js';
export { uidName } from './dictionary/uid-names.js';
export { parseDcmtkDictionary } from './dictionary/dcmtk-file.js';
export { DicomDictionary, type DictionaryOptions, type NamedTag } from './dictionary/dicom-dictionary.js';
export {
  formatTag,
  isPrivate,
  isPrivateCreator,
  parseHexTag,
  privateCreatorTag,
  tagHex,
} from './dictionary/tag-text.js';
export * from './main-tags/main-dicom-tags.js';
export { type DataElement, type DataSet, type DicomFile, type Tag } from './dataset.js';
export * from './charset/index.js';
export * from './dicomdir/index.js';
export * from './tokenizer/index.js';
export * from './values/index.js';
export * from './raw/index.js';
export * from './formats/dicom-json.js';
export * from './formats/dicom-json-text.js';
export * from './formats/modules.js';
export * from './formats/naturalized.js';
export * from './formats/orthanc-tags.js';
export * from './formats/orthanc-value.js';
export * from './formats/shared-tags.js';
export * from './formats/stored-dicom-json.js';
export * from './implementation.js';
export * from './header/header-codec.js';
export * from './header/header-model.js';
export { HeaderScope } from './header/header-scope.js';
export * from './header/model.js';
export * from './main-tags/instance-facts.js';
export * from './main-tags/main-tags-of.js';
export * from './pixels/index.js';
export * from './rendering/index.js';
export * from './writing/index.js';
