import { type DicomJsonOptions, type DicomDictionary, type ElementPath, tagHex } from '@annal/dicom';

/**
 * Bytes, the pixel data among them, are never inline in metadata but at a URI below their instance (PS3.18 section
 * F.2.2). @param instance what URIs of the instance begin with, a slash at its end
 */
export function bulkDataUris(dictionary: DicomDictionary, instance: string): DicomJsonOptions {
  const uriOf = (path: ElementPath) => ({ BulkDataURI: `${instance}bulk/${bulkPath(path)}` });
  return {
    dictionary,
    bulk: ({ n, e }, path) => (n === 0 && e === undefined ? undefined : uriOf(path)),
    inline: (_base64, path) => uriOf(path),
  };
}

/** Tags in small letters, items counted from 1, as the DICOMweb plugin writes it: `0040a730/1/00281201`. */
function bulkPath(path: ElementPath): string {
  return path.map((part, at) => (at % 2 === 0 ? tagHex(part) : String(part + 1))).join('/');
}
