export * from './dicom-builder.js';
export * from './image-builder.js';
export * from './test-frames.js';
