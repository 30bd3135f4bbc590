import { acceptedCodings } from '../../http/answers/accept-encoding.js';
import type { Coding, ViewerFile } from './viewer-files.js';

/** The best of the codings that a file has and the client takes (RFC 9110, section 12.5.3). */
export function codingFor({ sizes }: ViewerFile, accepted: string | undefined): Coding {
  const taken = acceptedCodings(accepted);
  return (['br', 'gzip'] as const).find((coding) => sizes[coding] !== undefined && taken.has(coding)) ?? 'identity';
}
