/** A file name as part of a URL, without anything that a header or a path could take for itself. */
export function escapedName(name: string): string {
  return encodeURI(name.replace(/\p{Surrogate}/gu, '')).replaceAll('/', '%2F');
}

/** The value of Content-Disposition, in Orthanc's way. */
export function contentDisposition(name: string): string {
  return `filename="${escapedName(name)}"`;
}
