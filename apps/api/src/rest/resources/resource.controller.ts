import type { Level } from '@annal/domain';
import { resourceStatistics, type StatementRunner } from '@annal/projections';
import { Get, Inject, Injectable, Param, Query, Res } from '@nestjs/common';
import { ApiOperation } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { Readable } from 'node:stream';
import { OrthancError } from '../../http/errors/http-errors.js';
import { AnswersJson } from '../../http/open-api/answers.js';
import { byName } from '../../http/open-api/schema.js';
import { POOL } from '../../tokens.js';
import type { Query as Parameters } from './list-request.js';
import { foundOf } from './resource-description.js';
import { ResourcesService } from './resources.service.js';
import { RESOURCE_STATISTICS } from './statistics-description.js';
import { resourceStatisticsJson } from './statistics.js';
import { TAGS } from './tags-description.js';
import { TagsService } from './tags.service.js';
import { Asks } from '../../http/open-api/asks.js';
import { FULL_FORMAT, LIST_QUERY, TAGS_QUERY } from './list-description.js';
import { ShowsResource, ShowsResources } from './shows.js';

/** What the controllers of the four levels ask. */
@Injectable()
export class ReadServices {
  constructor(
    @Inject(POOL) readonly pool: StatementRunner,
    @Inject(ResourcesService) readonly resources: ResourcesService,
    @Inject(TagsService) readonly tags: TagsService,
  ) {}
}

/** The routes that every level has, as a class to extend. */
export function resourceController(level: Level) {
  abstract class ResourceController {
    protected readonly level = level;

    constructor(protected readonly read: ReadServices) {}

    @Get()
    @ApiOperation({ summary: 'List the identifiers, or the resources themselves with expand' })
    @Asks(LIST_QUERY)
    @AnswersJson(foundOf(level))
    list(@Query() query: Parameters): Promise<unknown> {
      return this.read.resources.list(this.level, query);
    }

    @Get(':id')
    @ApiOperation({ summary: 'One resource' })
    @ShowsResource(level)
    one(@Param('id') id: string, @Query() query: Parameters): Promise<unknown> {
      return this.read.resources.one(this.level, id, query);
    }

    @Get(':id/statistics')
    @ApiOperation({ summary: 'How much the resource holds' })
    @AnswersJson(RESOURCE_STATISTICS)
    async statistics(@Param('id') id: string): Promise<unknown> {
      const statistics = await resourceStatistics(this.read.pool, this.level, id);
      if (!statistics) throw new OrthancError('UnknownResource');
      return resourceStatisticsJson(statistics);
    }

    @Get(':id/module')
    @ApiOperation({ summary: "The tags of the level's module, from the first instance" })
    @Asks(TAGS_QUERY)
    @AnswersJson(TAGS)
    module(@Param('id') id: string, @Query() query: Parameters): Promise<unknown> {
      const module = this.level.toLowerCase() as Lowercase<Level>;
      return this.read.tags.module(this.level, id, module, query);
    }
  }
  return ResourceController;
}

/** The routes that patients, studies and series have, beside these. */
export function groupController(level: Exclude<Level, 'Instance'>) {
  abstract class GroupController extends resourceController(level) {
    @Get(':id/instances')
    @ApiOperation({ summary: 'The instances below' })
    @ShowsResources('Instance')
    instances(@Param('id') id: string, @Query() query: Parameters): Promise<unknown> {
      return this.read.resources.below('Instance', this.level, id, query);
    }

    @Get(':id/instances-tags')
    @ApiOperation({ summary: 'The tags of all instances below' })
    @Asks(TAGS_QUERY)
    @AnswersJson(byName(TAGS))
    async instancesTags(
      @Param('id') id: string,
      @Query() query: Parameters,
      @Res({ passthrough: true }) reply: FastifyReply,
    ): Promise<Readable> {
      const stream = await this.read.tags.instancesTags(this.level, id, query);
      reply.type('application/json; charset=utf-8');
      return stream;
    }

    @Get(':id/shared-tags')
    @ApiOperation({ summary: 'The tags that are the same in all instances below' })
    @Asks(FULL_FORMAT)
    @AnswersJson(TAGS)
    sharedTags(@Param('id') id: string, @Query() query: Parameters): Promise<unknown> {
      return this.read.tags.sharedTags(this.level, id, query);
    }
  }
  return GroupController;
}
