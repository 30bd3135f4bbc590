import { OrthancError } from '../../http/errors/http-errors.js';

/** So much of what a client said is repeated to it, characters. */
const REPEATED = 200;

/**
 * The answer where nothing that a client accepts can be had: 400, as the plugin of Orthanc has it, or 406 (PS3.18
 * section 8.7.5).
 *
 * @param strict the option `Annal.DicomWebStrictStatus`
 */
export function unacceptable(strict: boolean, accept: string | undefined): OrthancError {
  const details = `This WADO-RS plugin cannot generate the following content type: ${(accept ?? '').slice(0, REPEATED)}`;
  return new OrthancError(strict ? 'NotAcceptable' : 'BadRequest', details);
}
