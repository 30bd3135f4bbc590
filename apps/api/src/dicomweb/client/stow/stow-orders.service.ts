import { type Level, LEVELS, type ResourceLookup } from '@annal/domain';
import type { AnnalConfiguration } from '@annal/platform';
import { readArchiveTotals, relatedIdentifiers, type StatementRunner } from '@annal/projections';
import { Inject, Injectable } from '@nestjs/common';
import { OrthancError, tooLarge } from '../../../http/errors/http-errors.js';
import { isJsonObject, type Json } from '../../../http/body/parse-json.js';
import { CONFIGURATION, POOL, RESOURCE_LOOKUP } from '../../../tokens.js';
import { bad, jsonExpected, requestHeaders } from '../requests/client-request.js';
import { LISTS, type StowOrder } from './stow-order.js';

const NO_RESOURCES =
  'A request to the DICOMweb STOW-RS client must provide a JSON object with the field "Resources" containing an array of resources to be sent';

/** What a request wants sent. */
export interface AskedStow {
  /** Orthanc identifiers in the order of the request, each once. */
  readonly ids: readonly string[];
  readonly order: StowOrder;
}

/** Finds out what is to be sent to other servers. */
@Injectable()
export class StowOrders {
  constructor(
    @Inject(CONFIGURATION) private readonly configuration: AnnalConfiguration,
    @Inject(POOL) private readonly pool: StatementRunner,
    @Inject(RESOURCE_LOOKUP) private readonly lookup: ResourceLookup,
  ) {}

  /**
   * `Resources` by their Orthanc identifiers, each of which is sent once, and `HttpHeaders`.
   * @throws OrthancError 400 as Orthanc says it; 404 for a resource that is not there; 413 for too many
   */
  async order(server: string, body: Json | undefined): Promise<AskedStow> {
    const fields = jsonExpected(body);
    if (!isJsonObject(fields) || !Array.isArray(fields.Resources)) throw bad(NO_RESOURCES);
    const headers = requestHeaders(fields);
    const { MaxJobResources: most } = this.configuration.Annal.Limits;
    if (fields.Resources.length > most) throw tooLarge(`${most} resources in a request for a job`);
    if (!fields.Resources.every((id) => typeof id === 'string')) throw bad();
    const ids = [...new Set(fields.Resources)];
    const levels = await this.lookup.levelsOf(ids);
    if (levels.size < ids.length) throw new OrthancError('UnknownResource');
    const { asOf, series, instances } = await readArchiveTotals(this.pool, ids);
    const ofLevel = (level: Level): readonly string[] => ids.filter((id) => levels.get(id) === level);
    const resources = Object.fromEntries(
      LEVELS.map((level) => [LISTS[level], ofLevel(level)] as const).filter(([, own]) => own.length > 0),
    );
    const below = instances <= most - ids.length ? await this.below(ofLevel) : [];
    return { ids, order: { server, resources, below, headers, asOf, series, instances } };
  }

  /** The instances of what is above them, but for those that are asked for themselves. */
  private async below(ofLevel: (level: Level) => readonly string[]): Promise<readonly string[]> {
    const below = new Set<string>();
    for (const level of LEVELS) {
      const own = ofLevel(level);
      if (level === 'Instance' || own.length === 0) continue;
      for (const id of await relatedIdentifiers(this.pool, 'Instance', level, own)) below.add(id);
    }
    for (const id of ofLevel('Instance')) below.delete(id);
    return [...below];
  }
}
