export * from './dicom-builder.js';
