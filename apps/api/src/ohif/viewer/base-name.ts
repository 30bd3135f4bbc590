import type { AnnalConfiguration } from '@annal/platform';
import { withSlashes } from '../../http/path.js';

/** The path of the viewer as browsers see it, with a slash at both ends. */
export function baseName({ OHIF }: AnnalConfiguration): string {
  return withSlashes(OHIF.RouterBasename);
}

/** The path of DICOMweb as browsers see it, without a slash at its end: beside the viewer, unless a public one is configured. */
export function dicomWebPath({ DicomWeb, OHIF }: AnnalConfiguration): string {
  const { PublicRoot, Root } = DicomWeb;
  const path =
    PublicRoot === ''
      ? new URL(`..${withSlashes(Root)}`, `http://host${withSlashes(OHIF.RouterBasename)}`).pathname
      : withSlashes(PublicRoot);
  return path.slice(0, -1);
}

/** A value as a literal that may stand in a script of an HTML page. */
export function literal(value: unknown): string {
  return JSON.stringify(value).replace(
    /[<\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
