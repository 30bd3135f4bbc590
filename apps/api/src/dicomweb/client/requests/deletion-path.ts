import { OrthancError } from '../../../http/errors/http-errors.js';
import { isJsonObject, type Json } from '../../../http/body/parse-json.js';
import { resourcePath } from '../../common/web-paths.js';
import { bad, isSegment, jsonExpected } from './client-request.js';

/** What Orthanc calls the levels, in small letters. */
const LEVELS: Readonly<Record<string, 'study' | 'series' | 'instance' | 'patient'>> = {
  patient: 'patient',
  patients: 'patient',
  study: 'study',
  studies: 'study',
  series: 'series',
  instance: 'instance',
  instances: 'instance',
};

/**
 * The path of what a body wants deleted: `Level`, `StudyInstanceUID`, `SeriesInstanceUID`, `SOPInstanceUID`.
 * @throws OrthancError 400 as Orthanc says it
 */
export function deletionPath(body: Json | undefined): string {
  const fields = jsonExpected(body);
  if (!isJsonObject(fields) || typeof fields.Level !== 'string' || typeof fields.StudyInstanceUID !== 'string') {
    throw bad('The request body must contain a JSON object with fields "Level" and "StudyInstanceUID"');
  }
  const { Level: level } = fields;
  const field = (name: string): string => {
    const value = fields[name];
    if (typeof value !== 'string') throw bad(`The request body must contain the field "${name}"`);
    if (!isSegment(value)) throw bad(`The field "${name}" is no UID`);
    return value;
  };
  const study = field('StudyInstanceUID');
  switch (LEVELS[level.toLowerCase()]) {
    case 'study':
      return resourcePath({ study });
    case 'series':
      return resourcePath({ study, series: field('SeriesInstanceUID') });
    case 'instance':
      return resourcePath({ study, series: field('SeriesInstanceUID'), instance: field('SOPInstanceUID') });
    case 'patient':
      throw new OrthancError('ParameterOutOfRange');
    default:
      throw new OrthancError('ParameterOutOfRange', `Invalid resource type '${level}'`);
  }
}
