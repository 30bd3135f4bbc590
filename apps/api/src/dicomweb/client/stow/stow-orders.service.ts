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
  async order(server: string, body: Json | undefined): Promise<StowOrder> {
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
    const resources = await this.lists(ids, levels, instances <= most - ids.length);
    return { server, ids, headers, resources, asOf, series, instances };
  }

  private async lists(
    ids: readonly string[],
    levels: ReadonlyMap<string, Level>,
    withInstances: boolean,
  ): Promise<StowOrder['resources']> {
    const resources: Partial<Record<Level, readonly string[]>> = {};
    const instances = new Set<string>();
    for (const level of LEVELS) {
      const own = ids.filter((id) => levels.get(id) === level);
      if (own.length === 0) continue;
      resources[level] = own;
      const isAbove = level !== 'Instance' && withInstances;
      for (const id of isAbove ? await relatedIdentifiers(this.pool, 'Instance', level, own) : []) instances.add(id);
    }
    for (const id of resources.Instance ?? []) instances.add(id);
    if (instances.size > 0) resources.Instance = [...instances];
    return Object.fromEntries(LEVELS.flatMap((level) => (resources[level] ? [[LISTS[level], resources[level]]] : [])));
  }
}
