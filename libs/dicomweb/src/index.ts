export * from './formats/dicom-json-model.js';
export * from './formats/native-dicom-xml.js';
