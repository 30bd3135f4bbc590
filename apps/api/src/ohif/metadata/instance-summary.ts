import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { type DicomDictionary, type HeaderModel, type Naturalized, naturalized } from '@annal/dicom';

const zipped = promisify(gzip);

/** The number of the metadata in which the viewer's data of an instance are (Orthanc Book, "Registry"). */
export const OHIF_METADATA = 4202;

/** What the viewer knows of an instance without its file. */
export function summaryOf(model: HeaderModel, dictionary: DicomDictionary): Naturalized {
  return naturalized(model.dataset, dictionary);
}

/** A summary as metadata 4202 holds it: JSON, gzipped, in Base64. The same summary gives the same text. */
export async function summaryText(summary: Naturalized): Promise<string> {
  return (await zipped(JSON.stringify(summary))).toString('base64');
}
