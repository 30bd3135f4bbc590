import {
  type ByteRange,
  type HeaderDataSet,
  type HeaderElement,
  isByteRange,
  isNumericVr,
  isSingleValued,
  itemsOf,
  orderedWidth,
} from '@annal/dicom';
import { OrthancError } from '../../http/errors/http-errors.js';

/** So many bytes of values are written inline at most. */
const MAXIMUM_INLINE = 64 * 1024 * 1024;
/** What a number, or one of several texts, takes beside its bytes where it is one of a list, above all in XML. */
const EACH = 32;

/** The values of a stored header that are left in the file. */
export function rangesIn(dataset: HeaderDataSet): readonly ByteRange[] {
  return elementsIn(dataset).flatMap(([, , value]) => (isByteRange(value) ? [value] : []));
}

/** Before values are read that are left in the file: that they are not too many. @throws OrthancError 413 */
export function checkSizeInFile(dataset: HeaderDataSet): void {
  check(elementsIn(dataset), ([, vr, value]) => {
    if (!isByteRange(value) || value.e !== undefined) return 0;
    const width = isNumericVr(vr.toUpperCase()) ? orderedWidth(vr.toUpperCase()) : undefined;
    return value.n + (width === undefined ? 0 : (value.n / width) * EACH);
  });
}

/** Once they are read: that texts are not too many, whose number nobody knew before. @throws OrthancError 413 */
export function checkNumberOfTexts(dataset: HeaderDataSet): void {
  check(elementsIn(dataset), ([, vr, value]) =>
    typeof value === 'string' && !isSingleValued(vr.toUpperCase()) ? EACH * separatorsIn(value) : 0,
  );
}

function check(elements: readonly HeaderElement[], sizeOf: (element: HeaderElement) => number): void {
  if (elements.reduce((sum, element) => sum + sizeOf(element), 0) > MAXIMUM_INLINE) {
    throw new OrthancError('BadRequest', `More than ${MAXIMUM_INLINE} bytes of values`, 413);
  }
}

/** All but sequences, at every level. */
function elementsIn(dataset: HeaderDataSet): readonly HeaderElement[] {
  return dataset.flatMap((element) => itemsOf(element)?.flatMap(elementsIn) ?? [element]);
}

function separatorsIn(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\\'); at >= 0; at = text.indexOf('\\', at + 1)) count += 1;
  return count;
}
