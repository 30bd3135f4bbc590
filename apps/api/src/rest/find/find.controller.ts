import type { DicomDictionary, MainDicomTags } from '@annal/dicom';
import { COLLECTIONS, type Level, LEVELS } from '@annal/domain';
import type { AnnalConfiguration } from '@annal/platform';
import {
  type FindQuery,
  lookupIdentifier,
  ResourceFinder,
  type StatementRunner,
  UnsupportedQuery,
} from '@annal/projections';
import { Controller, Inject, Post, Req } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { readText } from '../../http/body/read-body.js';
import { type JsonObject, readJsonObject } from '../../http/body/read-json.js';
import { OrthancError } from '../../http/errors/http-errors.js';
import { AnswersJson } from '../../http/open-api/answers.js';
import { exactly, listOf, whole } from '../../http/open-api/schema.js';
import { RESOURCE_PATH } from '../../http/open-api/shared-schemas.js';
import { CONFIGURATION, DICTIONARY, POOL } from '../../tokens.js';
import { MetadataNames } from '../metadata/metadata-names.js';
import { MAIN_DICOM_TAGS } from '../resources/read-tokens.js';
import { foundOf } from '../resources/resource-description.js';
import { ResourcesService } from '../resources/resources.service.js';
import type { FindContext } from './find-context.js';
import { parseFind, parseFindQuery } from './find-request.js';
import { TakesJson, TakesText } from '../../http/open-api/takes.js';
import { COUNT_BODY, FIND_BODY } from './find-description.js';

function refuse(error: unknown): never {
  throw error instanceof UnsupportedQuery ? new OrthancError('BadRequest', error.message) : error;
}

@ApiTags('Search')
@Controller('tools')
export class FindController {
  private readonly context: FindContext;

  constructor(
    @Inject(POOL) private readonly pool: StatementRunner,
    @Inject(CONFIGURATION) private readonly configuration: AnnalConfiguration,
    @Inject(DICTIONARY) dictionary: DicomDictionary,
    @Inject(MAIN_DICOM_TAGS) mainTags: MainDicomTags,
    @Inject(MetadataNames) metadataNames: MetadataNames,
    @Inject(ResourcesService) private readonly resources: ResourcesService,
    @Inject(ResourceFinder) private readonly finder: ResourceFinder,
  ) {
    this.context = { dictionary, mainTags, metadataNames, caseSensitive: configuration.CaseSensitivePN };
  }

  @Post('find')
  @ApiOperation({ summary: 'Search for resources' })
  @TakesJson(FIND_BODY)
  @AnswersJson(foundOf(...LEVELS))
  async find(@Req() request: FastifyRequest): Promise<unknown> {
    const { query, format, contents, requested } = parseFind(await this.body(request), this.context);
    const limited = this.limited(query);
    if (!contents) return this.resources.within(await this.finder.identifiers(limited).catch(refuse));
    const versions = await this.finder.versions(limited).catch(refuse);
    return this.resources.present(query.level, versions, { contents, format, requested });
  }

  @Post('count-resources')
  @ApiOperation({ summary: 'Count the resources that a search finds' })
  @TakesJson(COUNT_BODY)
  @AnswersJson(exactly({ Count: whole('How many') }))
  async count(@Req() request: FastifyRequest): Promise<{ Count: number }> {
    const body = await this.body(request);
    if (body.CaseSensitive === true) {
      const details = 'Setting "CaseSensitive" to "true" is not supported by /tools/count-resources';
      throw new OrthancError('ParameterOutOfRange', details);
    }
    const count = await this.finder.count(parseFindQuery(body, this.context)).catch(refuse);
    if (count === undefined) {
      throw new OrthancError('BadRequest', 'Only main DICOM tags can be asked for when resources are counted');
    }
    return { Count: count };
  }

  @Post('lookup')
  @ApiOperation({ summary: 'Find the resources that a PatientID or a DICOM UID names' })
  @TakesText('A PatientID, a StudyInstanceUID, a SeriesInstanceUID or a SOPInstanceUID')
  @AnswersJson(listOf(RESOURCE_PATH))
  async lookup(@Req() request: FastifyRequest): Promise<readonly object[]> {
    // UIDs may come with the byte that pads them in files
    const identifier = (await readText(request)).trim().replace(/\0+$/, '');
    if (/[*?]/.test(identifier)) throw new OrthancError('ParameterOutOfRange', 'Identifiers have no wildcards');
    const found = await lookupIdentifier(this.pool, identifier);
    return found.map(({ level, id }) => ({ ID: id, Path: `/${COLLECTIONS[level]}/${id}`, Type: level }));
  }

  private body(request: FastifyRequest): Promise<JsonObject> {
    const { MaxJsonBodySize: size, MaxJsonDepth: depth } = this.configuration.Annal.Limits;
    return readJsonObject(request, { size, depth });
  }

  /** The configuration's limit holds for who asks for more, and for who does not say. */
  private limited(query: FindQuery): FindQuery {
    const configured = this.configuredLimit(query.level);
    const limit = Math.min(query.limit ?? Infinity, configured > 0 ? configured : Infinity);
    return { ...query, ...this.resources.limited({ since: query.since, limit }) };
  }

  private configuredLimit(level: Level): number {
    const { LimitFindInstances, LimitFindResults } = this.configuration;
    return level === 'Instance' ? LimitFindInstances : LimitFindResults;
  }
}
