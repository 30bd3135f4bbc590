/** The value of Content-Disposition, in Orthanc's way; the name is without anything that a header or a path could take for itself. */
export function contentDisposition(name: string): string {
  return `filename="${encodeURI(name.replace(/\p{Surrogate}/gu, '')).replaceAll('/', '%2F')}"`;
}
