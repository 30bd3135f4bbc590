import { MultipartReader, MalformedMultipart, MultipartTooLarge, parseMediaType } from '@annal/dicomweb';
import { type EventContext, EventTooLarge, StorageFull, type StoreResult } from '@annal/domain';
import { asOutgoingError, type OutgoingAnswer } from '@annal/platform';
import { MissingIdentifier, NotDicom } from '@annal/projections';
import { OrthancError } from '../../../http/errors/http-errors.js';
import { Gate } from '../../../load/gate.js';
import type { Intake } from '../../../intake/intake.js';
import { BeyondLimit } from '../../../intake/intake-errors.js';
import { asRemoteError, protocolError } from '../../../remotes/remote-failure.js';

/** What an answer of WADO-RS brought. */
export interface Received {
  /** Orthanc identifiers, in the order of the answer. */
  readonly ids: readonly string[];
  /** Bytes of the answer. */
  readonly bytes: number;
}

/** Ceilings of an answer. */
export interface ReceivedLimits {
  readonly parts: number;
  /** Bytes of a part's header. */
  readonly headerSize: number;
  /** Bytes of the answer. */
  readonly size: number;
}

/** So many instances of one answer are under way: one is received while others become durable. */
const AT_ONCE = 8;

/**
 * Stores the instances of an answer of WADO-RS (PS3.18 section 10.4.3) as they come in: what is complete is kept, whatever
 * happens afterwards.
 * @throws OrthancError 500 for an answer that is none of WADO-RS or breaks off, and where instances cannot be stored; what
 * the log, the database and the blob store throw
 */
export async function storeReceived(
  answer: Pick<OutgoingAnswer, 'headers' | 'body'>,
  intake: Pick<Intake, 'storeInTurn'>,
  context: EventContext,
  limits: ReceivedLimits,
): Promise<Received> {
  const source: Source = { bytes: 0 };
  const results: Promise<StoreResult | undefined>[] = [];
  const gate = new Gate(AT_ONCE);
  let broken: unknown;
  try {
    const body = chunksOf(answer, source, limits.size);
    const reader = new MultipartReader(body, boundaryOf(answer), limits);
    for (let part = await reader.next(); part && !broken; part = await reader.next()) {
      const { headers, content } = part;
      checkType(headers.get('content-type'));
      const stored = gate.run(() => storedOrRefused(content, intake, context)).finally(() => content.return());
      // looked at in the end; what none of the instances could be stored for ends it now
      stored.catch((error: unknown) => (broken ??= error));
      results.push(stored);
    }
  } catch (error) {
    broken ??= error;
  } finally {
    answer.body.on('error', () => undefined).destroy();
  }
  const settled = await Promise.allSettled(results);
  // what the body failed with also ended the part that was under way, and then what reads the parts
  broken = source.failure ?? broken;
  if (broken !== undefined) throw asJobError(broken);
  const ids = settled.flatMap((each) => (each.status === 'fulfilled' && each.value ? [each.value.ids.instance] : []));
  const refused = settled.length - ids.length;
  if (refused > 0) {
    throw protocolError(`${refused} of the ${settled.length} instances received are no DICOM files that can be stored`);
  }
  return { ids, bytes: source.bytes };
}

/** undefined: the instance is none that could be stored. */
async function storedOrRefused(
  content: AsyncIterable<Buffer>,
  intake: Pick<Intake, 'storeInTurn'>,
  context: EventContext,
): Promise<StoreResult | undefined> {
  try {
    return await intake.storeInTurn(content, { context });
  } catch (error) {
    const isRefused = [NotDicom, MissingIdentifier, BeyondLimit, EventTooLarge].some((type) => error instanceof type);
    if (isRefused) return undefined;
    throw error;
  }
}

/** How far a body was read, and what it failed with. */
interface Source {
  bytes: number;
  failure?: unknown;
}

async function* chunksOf(
  { body }: Pick<OutgoingAnswer, 'body'>,
  source: Source,
  limit: number,
): AsyncGenerator<Buffer, void> {
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      source.bytes += chunk.length;
      if (source.bytes > limit) throw protocolError(`The answer is larger than the limit: ${limit} bytes`);
      yield chunk;
    }
  } catch (error) {
    source.failure = asRemoteError(asOutgoingError(error, 'The DICOMweb server'));
    throw source.failure;
  }
}

/** @throws OrthancError 500 */
function boundaryOf({ headers }: Pick<OutgoingAnswer, 'headers'>): string | undefined {
  const header = headers['content-type'];
  if (typeof header !== 'string') {
    const advice =
      'your remote DICOMweb server might need client option "HasWadoRsUniversalTransferSyntax" set to false';
    throw protocolError(`No Content-Type provided by the remote WADO-RS server, ${advice}`);
  }
  const { type, parameters } = parseMediaType(header);
  const parts = parameters.get('type')?.toLowerCase() ?? 'application/dicom';
  if (type !== 'multipart/related' || parts !== 'application/dicom') {
    const found = type === 'multipart/related' ? `${type} of ${parts}` : type;
    throw protocolError(`The remote WADO-RS server answers with "${printable(found)}", not with DICOM files`);
  }
  return parameters.get('boundary');
}

function checkType(header: string | undefined): void {
  if (header === undefined) throw protocolError('Missing Content-Type for a part of WADO-RS answer');
  const { type } = parseMediaType(header);
  if (type === 'application/dicom') return;
  throw protocolError(
    `Parts of a WADO-RS retrieve should have "application/dicom" type, but received: ${printable(type)}`,
  );
}

function printable(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '?').slice(0, 100);
}

function asJobError(error: unknown): unknown {
  if (error instanceof MalformedMultipart || error instanceof MultipartTooLarge) {
    return protocolError(`The answer of WADO-RS is damaged or beyond a limit: ${error.message}`);
  }
  return error instanceof StorageFull ? new OrthancError('FullStorage') : error;
}
