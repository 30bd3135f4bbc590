const MIB = 1024 * 1024;

/** Bytes as whole megabytes, in a text, as Orthanc shows them. */
export function inMegabytes(bytes: number): string {
  return String(Math.floor(bytes / MIB));
}
