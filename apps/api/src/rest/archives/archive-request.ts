import { OrthancError } from '../../http/errors/http-errors.js';
import { escapedName } from '../../http/answers/file-name.js';
import { isJsonObject, type Json, type JsonObject } from '../../http/body/parse-json.js';
import { checkTransferSyntax } from '../../pixels/transcode.service.js';
import { lossyQuality } from '../instances/transcode-request.js';
import { jobRequestFields, type JobRequestFields } from '../../jobs/job-request.js';
import type { Query } from '../resources/list-request.js';

/** What files are rewritten as on their way. */
export interface Transcoding {
  readonly transferSyntax: string;
  /** 1 to 100; the configuration's without it. */
  readonly lossyQuality?: number;
}

/** What a request says of the archive it wants, besides the resources. */
export interface ArchiveOptions {
  /** For the header Content-Disposition. */
  readonly filename: string;
  /** Whether a DICOMDIR tells what is optional, too. */
  readonly extended: boolean;
  readonly transcoding?: Transcoding;
  /** Whether names in the archive may have letters beyond ASCII. */
  readonly utf8: boolean;
  /** Whether a series' folder stands at the top, not within those of its patient and study. */
  readonly seriesAlone?: boolean;
}

/** What a body says: of the archive, and of the job, where it is to be made by one. */
export interface PostedOptions {
  readonly options: ArchiveOptions;
  readonly job?: JobRequestFields;
}

/** What holds where a request says nothing. */
export type ArchiveDefaults = Pick<ArchiveOptions, 'filename' | 'extended' | 'utf8'>;

/** The options in a query. @throws OrthancError 400 */
export function optionsOfQuery(query: Query, defaults: ArchiveDefaults): ArchiveOptions {
  const { filename, transcode, 'lossy-quality': quality } = query;
  return {
    ...defaults,
    filename: filename === undefined ? defaults.filename : escapedName(filename),
    ...(transcode !== undefined && {
      transcoding: transcodingOf(transcode, quality === undefined ? undefined : lossyQuality(quality)),
    }),
  };
}

/**
 * The options in a body; one that is no object has none.
 * @throws OrthancError 400
 */
export function optionsOfBody(body: Json, defaults: ArchiveDefaults): PostedOptions {
  if (!isJsonObject(body)) return { options: defaults };
  const fields = jobRequestFields(body, { synchronous: true });
  const { Filename: filename, Transcode: transcode } = body;
  const options = {
    filename: typeof filename === 'string' ? headerText(filename) : defaults.filename,
    extended: booleanIn(body, 'Extended') ?? defaults.extended,
    utf8: booleanIn(body, 'Utf8') ?? defaults.utf8,
    ...(transcode !== undefined && {
      transcoding: transcodingOf(textIn(body, 'Transcode'), numberIn(body, 'LossyQuality')),
    }),
  };
  return fields.synchronous ? { options } : { options, job: fields };
}

/** The identifiers in a query. @throws OrthancError 400 */
export function resourcesOfQuery({ resources }: Query): readonly string[] {
  if (resources === undefined) throw new OrthancError('BadRequest', 'Missing resources argument');
  return resources === '' ? [] : resources.split(',');
}

/** The identifiers in a body: a list, or an object that has one. @throws OrthancError 400 */
export function resourcesOfBody(body: Json | undefined): readonly string[] {
  if (body === undefined) throw badBody('Expected a list of resources to archive in the body');
  if (isJsonObject(body) && body.Resources === undefined) throw badBody('Missing field Resources in the JSON body');
  const list = isJsonObject(body) ? body.Resources! : body;
  if (!Array.isArray(list) && !isJsonObject(body)) throw badBody();
  if (!Array.isArray(list) || !list.every((id) => typeof id === 'string')) {
    throw badBody('Expected a list of strings (Orthanc identifiers)');
  }
  return list;
}

function transcodingOf(transferSyntax: string, quality: number | undefined): Transcoding {
  checkTransferSyntax(transferSyntax);
  return { transferSyntax, lossyQuality: quality };
}

function booleanIn(body: JsonObject, field: string): boolean | undefined {
  const value = body[field];
  if (value === undefined || typeof value === 'boolean') return value;
  throw badBody(`Boolean value expected in field: ${field}`);
}

function numberIn(body: JsonObject, field: string): number | undefined {
  const value = body[field];
  if (value === undefined || Number.isInteger(value)) return value as number | undefined;
  throw badBody(`Integer value expected in field: ${field}`);
}

function textIn(body: JsonObject, field: string): string {
  const value = body[field];
  if (typeof value === 'string') return value;
  throw badBody(`String value expected in field: ${field}`);
}

/** A name as it stands between the quotes of a header: spaces stay, what would end or leave the header is escaped. */
function headerText(name: string): string {
  return name.split(' ').map(escapedName).join(' ');
}

function badBody(details?: string): OrthancError {
  return new OrthancError('BadFileFormat', details);
}
