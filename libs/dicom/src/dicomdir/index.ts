export { DicomDirectory, type DirectoryOptions, type ListedInstance } from './dicom-directory.js';
export { type ReferencedFile } from './record-elements.js';
