import { isOrthancIdentifier, type Job, type JobJson, type JobObject } from '@annal/domain';
import { booleanField, textField } from '../../http/body/json-fields.js';
import type { Json, JsonObject } from '../../http/body/read-json.js';
import { OrthancError } from '../../http/errors/http-errors.js';
import { isTransferSyntax } from '../../pixels/transcode.service.js';

/** What a job is to send to a peer. */
export interface PeerStoreOrder extends StoreOptions {
  readonly peer: string;
  /** The run of the server in which the peer is known so. */
  readonly run: string;
  /** How the peer is reached, without passwords. */
  readonly shownPeer: JobJson;
  /** Orthanc identifiers as they were asked for, each once. */
  readonly ids: readonly string[];
  /** The number of the last change that counts: what came later is not sent. */
  readonly asOf: number;
  readonly instances: number;
}

/** How files are sent. */
export interface StoreOptions {
  /** Whether with gzip. */
  readonly compress: boolean;
  /** The transfer syntax into which files are put that can be. */
  readonly transcode?: string;
}

/** What became of the instances so far. */
export interface SentSoFar {
  readonly failed: number;
  /** Bytes of files, as they were sent but for gzip. */
  readonly size: number;
}

const MIB = 1024 * 1024;

/** What is shown of a job (`Content`); nothing where its key is gone. */
export function shownOf({ parameters, content }: Pick<Job, 'parameters' | 'content'>): JobObject {
  const order = parameters as unknown as Partial<PeerStoreOrder>;
  if (!order.ids) return content;
  const { failed, size } = { failed: 0, size: 0, ...(content as Partial<SentSoFar>) };
  return {
    Compress: order.compress ?? false,
    Description: 'REST API',
    FailedInstancesCount: failed,
    InstancesCount: order.instances ?? 0,
    ...(order.ids.length > 0 && { ParentResources: order.ids }),
    Peer: order.shownPeer ?? null,
    Size: String(size),
    SizeMB: Math.floor(size / MIB),
    ...(order.transcode !== undefined && { Transcode: order.transcode }),
  };
}

/**
 * The identifiers in the body of a request, in their order: of a text, a text in JSON, a list, or an object.
 * @param json what the text is as JSON; undefined where it is none
 * @throws OrthancError 400 as Orthanc says it
 */
export function resourcesOf(text: string, json: Json | undefined): readonly string[] {
  const ids = listOf(text.trim(), json);
  for (const id of ids) {
    if (!isOrthancIdentifier(id)) throw bad(`This string is not a valid Orthanc identifier: ${id}`);
  }
  return ids;
}

/** `Compress` and `Transcode`. @throws OrthancError 400 */
export function storeOptionsOf(body: JsonObject): StoreOptions {
  const transcode = textField(body, 'Transcode');
  if (transcode !== undefined && !isTransferSyntax(transcode)) {
    throw bad(`Unknown transfer syntax UID: ${transcode}`);
  }
  return { compress: booleanField(body, 'Compress', false), ...(transcode !== undefined && { transcode }) };
}

function listOf(text: string, json: Json | undefined): readonly string[] {
  if (typeof json === 'string') return [json];
  if (json === undefined && isOrthancIdentifier(text)) return [text];
  if (json === undefined) throw bad('Must provide a JSON value');
  if (typeof json !== 'object' || json === null) throw bad('Must provide a JSON object, or a JSON array of strings');
  const list = Array.isArray(json) ? json : json.Resources;
  if (list === undefined) throw bad('Missing field in JSON: "Resources"');
  if (!Array.isArray(list)) throw bad('JSON field "Resources" must contain an array');
  if (!list.every((id) => typeof id === 'string')) {
    throw bad('Resources to be exported must be specified as a JSON array of strings');
  }
  return list;
}

function bad(details: string): OrthancError {
  return new OrthancError('BadFileFormat', details);
}
