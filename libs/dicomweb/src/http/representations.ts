import { EXPLICIT_LITTLE_ENDIAN, IMPLICIT_LITTLE_ENDIAN } from '@annal/dicom';
import { acceptedRanges, negotiate, type WantedPart, wantedPart } from './accepted.js';
import { syntaxesOfMediaType } from './frame-media-types.js';

/** How DICOM files are sent. */
export interface DicomRepresentation {
  readonly form: 'multipart' | 'single' | 'zip';
  /** UID; `*`: whichever they are stored in. */
  readonly transferSyntax: string;
  /** Whether the client names it; else what cannot be put into it may be sent as it is stored. */
  readonly named: boolean;
}

/** How frames are sent. */
export interface FrameRepresentation {
  readonly multipart: boolean;
  /** UID; that of the stored frame where it is sent as it is. */
  readonly transferSyntax: string;
}

/** What decides how frames are sent, beside what the client accepts. */
export interface StoredFrames {
  /** UID. */
  readonly transferSyntax: string;
  readonly encapsulated: boolean;
  /** Whether they can be uncompressed here. */
  readonly decodable: boolean;
  /** Whether one frame is asked for, which needs no parts. */
  readonly single: boolean;
}

const ANY = '*';
const UNCOMPRESSED = new Set<string>([IMPLICIT_LITTLE_ENDIAN, EXPLICIT_LITTLE_ENDIAN]);

/**
 * How DICOM files may be sent to a client, what it likes best first, each once (PS3.18 section 8.7.3.3.1): in Explicit VR
 * Little Endian where it names no transfer syntax. Which of them can be had only the files tell.
 *
 * @param single whether one file is asked for, which needs no parts
 * @param isKnown whether a UID is that of a transfer syntax
 */
export function dicomRepresentations(
  accept: string | undefined,
  single: boolean,
  isKnown: (uid: string) => boolean,
): readonly DicomRepresentation[] {
  const found = new Map<string, DicomRepresentation>();
  for (const range of acceptedRanges(accept)) {
    const { type, multipart, transferSyntax: asked } = wantedPart(range);
    const transferSyntax = asked ?? EXPLICIT_LITTLE_ENDIAN;
    const named = asked !== undefined;
    const form = dicomForm(type, multipart, single);
    if (form === undefined || (transferSyntax !== ANY && !isKnown(transferSyntax))) continue;
    const name = `${form} ${transferSyntax} ${named}`;
    if (!found.has(name)) found.set(name, { form, transferSyntax, named });
  }
  return [...found.values()];
}

function dicomForm(type: string, multipart: boolean, single: boolean): DicomRepresentation['form'] | undefined {
  const isDicom = type === 'application/dicom' || type === 'application/*';
  if (multipart) return isDicom || type === '*/*' ? 'multipart' : undefined;
  if (isDicom && single) return 'single';
  return type === 'application/zip' || type === 'application/*' ? 'zip' : undefined;
}

/**
 * How frames are sent to a client (PS3.18 section 8.7.3.3.2): uncompressed where it names no compressed media type, the
 * default of a media type where it names no transfer syntax, as they are stored for `transfer-syntax=*`. As in Orthanc a
 * transfer syntax given with `application/octet-stream` may be that of compressed frames.
 *
 * @param canMake whether frames can be put into a transfer syntax here
 * @returns undefined where it accepts nothing that can be had
 */
export function frameRepresentation(
  accept: string | undefined,
  stored: StoredFrames,
  canMake: (uid: string) => boolean,
): FrameRepresentation | undefined {
  return negotiate(accept, (range) => {
    const wanted = wantedPart(range);
    if (!wanted.multipart && !stored.single) return undefined;
    const transferSyntax = frameSyntax(wanted, stored, canMake);
    return transferSyntax === undefined ? undefined : { multipart: wanted.multipart, transferSyntax };
  });
}

function frameSyntax(
  { type, transferSyntax }: WantedPart,
  stored: StoredFrames,
  canMake: (uid: string) => boolean,
): string | undefined {
  const kept = stored.encapsulated ? stored.transferSyntax : EXPLICIT_LITTLE_ENDIAN;
  const obtainable = (uid: string): boolean => uid === kept || (stored.decodable && canMake(uid));
  const syntaxes = syntaxesOfMediaType(type);
  if (syntaxes) {
    if (transferSyntax === ANY && syntaxes.includes(kept)) return kept;
    const uid = transferSyntax === undefined || transferSyntax === ANY ? syntaxes[0]! : transferSyntax;
    return syntaxes.includes(uid) && obtainable(uid) ? uid : undefined;
  }
  const isBytes = type === 'application/octet-stream';
  if (!isBytes && type !== '*/*' && type !== 'application/*') return undefined;
  if (transferSyntax === ANY) return kept;
  if (transferSyntax !== undefined) {
    return (UNCOMPRESSED.has(transferSyntax) && stored.decodable) || obtainable(transferSyntax)
      ? transferSyntax
      : undefined;
  }
  if (stored.decodable) return EXPLICIT_LITTLE_ENDIAN;
  return isBytes ? undefined : kept;
}
