import type { Expected, Revision } from '@annal/domain';
import { OrthancError } from '../../http/errors/http-errors.js';

const TAG = /^(\d+)-(.*)$/s;

/** The entity tag of a revision (RFC 9110, section 8.8.3), as Orthanc writes it: its number and the MD5 of the value. */
export function entityTag({ number, md5 }: Revision): string {
  return `"${number}-${md5}"`;
}

/** The revision of a file: told from others of the same number by its blob where no MD5 is kept. */
export function fileRevision(number: number, md5: string, blobKey: string): Revision {
  return { number, md5: md5 === '' ? blobKey : md5 };
}

/** The revision that `If-None-Match` names; undefined where there is none. @throws OrthancError 400 */
export function knownRevision(header: string | undefined): Revision | undefined {
  // an empty one is none
  return header === undefined || header === '' ? undefined : parse(header, 'If-None-Match');
}

/**
 * The revision that `If-Match` wants to be replaced. @param isChecked the option CheckRevisions
 * @throws OrthancError 400
 */
export function expectedRevision(header: string | undefined, isChecked: boolean): Expected {
  if (header === undefined) return isChecked ? 'unsaid' : undefined;
  return parse(header, 'if-match');
}

function parse(header: string, name: string): Revision {
  const value = header.trim().replace(/^"(.*)"$/s, '$1');
  const [, number, md5] = TAG.exec(value) ?? [];
  if (number !== undefined && Number.isSafeInteger(Number(number))) return { number: Number(number), md5: md5! };
  const details = `The "${name}" HTTP header should contain the ETag (revision followed by MD5 hash), but found: ${value}`;
  throw new OrthancError('ParameterOutOfRange', details);
}
