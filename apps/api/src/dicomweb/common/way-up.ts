/** The way from the root of the DICOMweb services, with slashes around it, to that of the REST API, e.g. `./../`. */
export function wayUp(root: string): string {
  return `./${'../'.repeat(root.split('/').length - 2)}`;
}
