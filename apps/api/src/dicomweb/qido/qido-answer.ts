import type { DicomDictionary } from '@annal/dicom';
import { type DicomJsonDataSet, MultipartRelated, nativeDicomXml } from '@annal/dicomweb';
import { Readable } from 'node:stream';

/** The texts of found resources, in batches that are not empty. */
type Batches = AsyncGenerator<readonly string[], void>;

/** A list in DICOM JSON. Whatever takes more than one batch goes out as it comes. */
export async function jsonAnswer(batches: Batches): Promise<string | Readable> {
  const first = await batches.next();
  if (first.done) return '[]';
  const second = await batches.next();
  if (second.done) return `[${first.value.join(',')}]`;
  return Readable.from(jsonPieces(first.value, second.value, batches), { objectMode: false });
}

async function* jsonPieces(first: readonly string[], second: readonly string[], rest: Batches): AsyncGenerator<string> {
  yield `[${first.join(',')},${second.join(',')}`;
  for await (const batch of rest) yield `,${batch.join(',')}`;
  yield ']';
}

/** A part in the Native DICOM Model for each resource. */
export function xmlAnswer(
  batches: Batches,
  dictionary: DicomDictionary,
): { readonly contentType: string; readonly body: Readable } {
  const parts = new MultipartRelated('application/dicom+xml');
  return { contentType: parts.contentType, body: Readable.from(xmlPieces(batches, parts, dictionary)) };
}

async function* xmlPieces(
  batches: Batches,
  parts: MultipartRelated,
  dictionary: DicomDictionary,
): AsyncGenerator<Buffer, void> {
  for await (const batch of batches) {
    for (const text of batch) {
      const xml = Buffer.from(nativeDicomXml(JSON.parse(text) as DicomJsonDataSet, dictionary));
      const headers = { 'Content-Type': 'application/dicom+xml', 'Content-Length': xml.length };
      yield Buffer.concat([parts.head(headers), xml]);
    }
  }
  yield parts.end();
}
