export * from './formats/dicom-json-model.js';
export * from './formats/escape-xml.js';
export * from './formats/native-dicom-xml.js';
export * from './http/media-range.js';
export * from './http/multipart-related.js';
