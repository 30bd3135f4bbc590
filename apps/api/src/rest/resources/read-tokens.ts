/** MainDicomTags: which tags are kept with each resource, as configured. */
export const MAIN_DICOM_TAGS = Symbol('MAIN_DICOM_TAGS');
