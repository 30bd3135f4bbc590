import { type ResourceIds, resourceIds } from '@annal/domain';
import type { OutgoingHttp } from '@annal/platform';
import { type StatementRunner, unknownIdentifiers, type UidPath } from '@annal/projections';
import { isJsonObject, type Json, parseJson } from '../../../http/body/parse-json.js';
import { resourcePath } from '../../common/web-paths.js';
import type { RemoteServer } from '../servers/remote-server.js';

/** What is still to be retrieved of a resource. */
export interface Remaining {
  readonly paths: readonly string[];
  /** Orthanc identifiers of those of its instances that are stored. */
  readonly stored: readonly string[];
}

/** Ceilings of an answer of QIDO-RS. */
export interface RemainingBounds {
  /** Bytes. */
  readonly answer: number;
  /** Of its nesting. */
  readonly depth: number;
  /** Instances in all answers. */
  readonly instances: number;
}

interface RemoteInstance {
  readonly uids: Required<UidPath>;
  readonly ids: ResourceIds;
}

/** Without arguments, which may ask for instances other than those stored. */
const STUDY_OR_SERIES = /^\/*studies\/([^/?]+)(?:\/series\/([^/?]+))?$/;
const PAGE = 1000;
const [SERIES, INSTANCE, PATIENT_ID] = ['0020000E', '00080018', '00100020'];

/** Finds out which instances of what was retrieved in part are missing, by asking the other server what it has (QIDO-RS). */
export class RemainingInstances {
  constructor(
    private readonly http: Pick<OutgoingHttp, 'whole'>,
    private readonly pool: StatementRunner,
    private readonly bounds: RemainingBounds,
  ) {}

  /**
   * What is left of a study or series: those of its series of which nothing is stored, and single instances of the others.
   * The whole of it where the other server does not surely say all that it has, and for every other path.
   * @param headers sent along
   * @throws the reason of `signal`
   */
  async of(
    server: RemoteServer,
    path: string,
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<Remaining> {
    const whole: Remaining = { paths: [path], stored: [] };
    const [, study, series] = STUDY_OR_SERIES.exec(path) ?? [];
    if (study === undefined) return whole;
    const uids = { study: decoded(study), ...(series !== undefined && { series: decoded(series) }) };
    const there = await this.instances(server, uids, headers, signal);
    if (there === undefined) return whole;
    const all = there.map(({ ids }) => ids.instance);
    const missing = new Set(await unknownIdentifiers(this.pool, all));
    const stored = all.filter((id) => !missing.has(id));
    if (stored.length === 0) return whole;
    const bySeries = Map.groupBy(there, (one) => one.uids.series).values();
    return { paths: [...bySeries].flatMap((ofSeries) => pathsOf(ofSeries, missing)), stored };
  }

  /**
   * All instances, page by page, each of which begins with the last one of the page before: so a server that does not know
   * `offset`, or whose instances change meanwhile, is noticed.
   */
  private async instances(
    server: RemoteServer,
    uids: UidPath,
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<readonly RemoteInstance[] | undefined> {
    const found: RemoteInstance[] = [];
    for (;;) {
      const last = found.at(-1);
      const path = `${resourcePath(uids)}/instances?includefield=${PATIENT_ID}&limit=${PAGE}&offset=${Math.max(0, found.length - 1)}`;
      const page = await this.page(server, path, uids, headers, signal);
      const first = page?.[0];
      if (!page || !first || (last && first.ids.instance !== last.ids.instance)) return undefined;
      found.push(...(last ? page.slice(1) : page));
      // a server may go on for ever
      if (found.length > this.bounds.instances) return undefined;
      if (last && page.length === 1) return found;
    }
  }

  /** undefined: the answer is none that can be used. */
  private async page(
    { endpoint }: RemoteServer,
    path: string,
    uids: UidPath,
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<readonly RemoteInstance[] | undefined> {
    const others = Object.entries(headers).filter(([name]) => name.toLowerCase() !== 'accept');
    const asked = { ...Object.fromEntries(others), accept: 'application/dicom+json' };
    const request = { method: 'GET', path, headers: asked, signal };
    try {
      const { status, body } = await this.http.whole(endpoint, request, this.bounds.answer);
      const items = status === 200 ? parseJson(body.toString('utf8'), this.bounds.depth) : undefined;
      const instances = Array.isArray(items) ? items.map((item) => instanceOf(item, uids)) : [undefined];
      return instances.every((instance) => instance !== undefined) ? instances : undefined;
    } catch {
      signal.throwIfAborted();
      // retrieving it tells what is wrong
      return undefined;
    }
  }
}

function pathsOf(ofSeries: readonly RemoteInstance[], missing: ReadonlySet<string>): readonly string[] {
  const left = ofSeries.filter(({ ids }) => missing.has(ids.instance));
  if (left.length < ofSeries.length) return left.map(({ uids }) => resourcePath(uids));
  const { study, series } = ofSeries[0]!.uids;
  return [resourcePath({ study, series })];
}

/** undefined: the item does not say which instance it is. */
function instanceOf(item: Json, uids: UidPath): RemoteInstance | undefined {
  const series = uids.series ?? textOf(item, SERIES);
  const instance = textOf(item, INSTANCE);
  if (series === undefined || instance === undefined) return undefined;
  const ids = resourceIds({
    // where it is not said, nothing is found to be stored, or what has none
    patientId: textOf(item, PATIENT_ID) ?? '',
    studyInstanceUid: uids.study,
    seriesInstanceUid: series,
    sopInstanceUid: instance,
  });
  return { uids: { study: uids.study, series, instance }, ids };
}

function textOf(item: Json, tag: string): string | undefined {
  const attribute = isJsonObject(item) ? item[tag] : undefined;
  const values = isJsonObject(attribute) ? attribute.Value : undefined;
  const value = Array.isArray(values) ? values[0] : undefined;
  return typeof value === 'string' ? value : undefined;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
