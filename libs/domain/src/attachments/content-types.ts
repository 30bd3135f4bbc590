/** The number of the attachment that is an instance's DICOM file (Orthanc's FileContentType). */
export const DICOM_CONTENT_TYPE = 1;

/** Whether a number is one of those that users give their own kinds of attachments, and may change. */
export function isUserContentType(contentType: number): boolean {
  return contentType >= 1024 && contentType <= 65535;
}
