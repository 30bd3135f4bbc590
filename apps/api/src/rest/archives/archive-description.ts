import { flag, object, type Schema, text, texts, whole } from '../../http/open-api/schema.js';
import { JOB_FIELDS } from '../../jobs/job-description.js';

const RESOURCES = 'Orthanc identifiers of patients, studies, series and instances';
const QUALITY = { minimum: 1, maximum: 100 };

const OPTIONS: Readonly<Record<string, Schema>> = {
  ...JOB_FIELDS,
  Filename: text('The name of the archive, for the header Content-Disposition'),
  Transcode: text('UID of the transfer syntax into which files are put'),
  LossyQuality: whole('Quality of lossy JPEG', QUALITY),
  Extended: flag('Whether the DICOMDIR tells what is optional, too'),
  Utf8: flag('Whether names in the archive may have letters beyond ASCII'),
};

/** The body of a request for the archive of one resource. */
export const ARCHIVE_OPTIONS = object(OPTIONS);

/** The body of a request for an archive of any resources. */
export const ARCHIVE_OF_RESOURCES: Schema = {
  oneOf: [texts(RESOURCES), object({ Resources: texts(RESOURCES), ...OPTIONS }, ['Resources'])],
};

/** What a query may say of an archive. */
export const ARCHIVE_QUERY: Readonly<Record<string, Schema>> = {
  filename: text('The name of the archive, for the header Content-Disposition'),
  transcode: text('UID of the transfer syntax into which files are put'),
  'lossy-quality': whole('Quality of lossy JPEG', QUALITY),
};

/** The same, of an archive of any resources. */
export const RESOURCES_QUERY: Readonly<Record<string, Schema>> = {
  resources: text(`${RESOURCES}, separated by commas`),
  ...ARCHIVE_QUERY,
};

/** The same, of an archive of one resource with a DICOMDIR. */
export const MEDIA_QUERY: Readonly<Record<string, Schema>> = {
  ...ARCHIVE_QUERY,
  extended: flag('Given with any value: the DICOMDIR tells what is optional, too'),
};
