export * from './formats/dicom-json-model.js';
export * from './formats/escape-xml.js';
export * from './formats/native-dicom-xml.js';
export * from './http/accepted.js';
export * from './http/frame-media-types.js';
export * from './http/media-range.js';
export * from './http/multipart-related.js';
export * from './http/representations.js';
