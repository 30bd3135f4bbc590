/** DICOM files made in code, for tests and benchmarks. */
export { type BuilderElement, type BuilderEntry, type BuilderValue } from './element-writer.js';
export { buildInstance, type InstanceDescription } from './instance-builder.js';
export { buildDicom, type DicomDescription, TransferSyntax } from './part10-builder.js';
