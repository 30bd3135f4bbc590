import type { AnnalConfiguration } from '@annal/platform';
import { withSlashes } from '../../http/path.js';

/** The path of the viewer as browsers see it, with a slash at both ends. */
export function baseName({ OHIF }: AnnalConfiguration): string {
  return withSlashes(OHIF.RouterBasename);
}

/** The path of DICOMweb as browsers see it, without a slash at its end: beside the viewer, unless a public one is configured. */
export function dicomWebPath({ DicomWeb, OHIF }: AnnalConfiguration): string {
  const { PublicRoot, Root } = DicomWeb;
  return (PublicRoot === '' ? besideViewer(Root, OHIF) : withSlashes(PublicRoot)).slice(0, -1);
}

/** The same of WADO-URI, which has no public path of its own. */
export function wadoUriPath({ DicomWeb, OHIF }: AnnalConfiguration): string {
  return besideViewer(DicomWeb.WadoRoot, OHIF).slice(0, -1);
}

function besideViewer(root: string, { RouterBasename }: AnnalConfiguration['OHIF']): string {
  return new URL(`..${withSlashes(root)}`, `http://host${withSlashes(RouterBasename)}`).pathname;
}

/** A value as a literal that may stand in a script of an HTML page. */
export function literal(value: unknown): string {
  return JSON.stringify(value).replace(
    /[<\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
