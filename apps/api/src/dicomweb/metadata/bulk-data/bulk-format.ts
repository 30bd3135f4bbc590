import { type MediaRange, negotiate, OCTETS, wantedPart } from '@annal/dicomweb';

/** How bulk data are sent. */
export interface BulkFormat {
  /** A body of its own, not parts of a multipart one. */
  readonly single: boolean;
  /** Pixel data stay compressed as they are stored. */
  readonly asStored: boolean;
}

/**
 * How a client wants bulk data (PS3.18 sections 8.7.3.3 and 10.4.1.1.5); undefined where it takes nothing that there is.
 * Whoever takes anything gets what the DICOMweb plugin sends: parts.
 * @param isRange whether a part of the bytes is asked for
 * @param storedType the media type of pixel data that are stored compressed
 */
export function bulkFormat(
  accept: string | undefined,
  isRange: boolean,
  storedType: string | undefined,
): BulkFormat | undefined {
  return negotiate(accept, (range) => formatOf(range, isRange, storedType));
}

function formatOf(range: MediaRange, isRange: boolean, storedType: string | undefined): BulkFormat | undefined {
  const { type, multipart, transferSyntax } = wantedPart(range);
  if (type === '*/*') {
    const single = range.type === '*/*' && isRange && storedType === undefined;
    return { single, asStored: true };
  }
  if (type === OCTETS || type === 'application/*') return { single: !multipart, asStored: transferSyntax === '*' };
  if (storedType === undefined) return undefined;
  const isStored = type === storedType || type === `${storedType.split('/', 1)[0]}/*`;
  return isStored ? { single: !multipart, asStored: true } : undefined;
}
