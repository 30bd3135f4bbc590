import {
  COLLECTIONS,
  DeleteMetadata,
  isUserMetadata,
  type Level,
  LEVELS,
  type MetadataOfResource,
  revisionOf,
  SetMetadata,
} from '@annal/domain';
import type { AnnalConfiguration } from '@annal/platform';
import { Controller, Delete, Get, Inject, Param, Put, Query, Req, Res, type Type } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { BareStatus, OrthancError } from '../../http/errors/http-errors.js';
import { AnswersJson, AnswersNothing, AnswersText } from '../../http/open-api/answers.js';
import { AnswersOnlyNews, ReplacesKnown } from '../../http/open-api/conditional.js';
import { eventContextOf } from '../../http/security/request-identity.js';
import { Writes } from '../../http/writes.js';
import { CONFIGURATION } from '../../tokens.js';
import type { Query as Parameters } from '../resources/list-request.js';
import { entityTag, expectedRevision, knownRevision } from './entity-tag.js';
import { METADATA } from './metadata-description.js';
import { MetadataNames } from './metadata-names.js';
import { MetadataService } from './metadata.service.js';
import { readValue } from './read-value.js';
import { TakesText } from '../../http/open-api/takes.js';
import { Asks } from '../../http/open-api/asks.js';
import { flag } from '../../http/open-api/schema.js';

/** The routes of the metadata of each level. */
export const METADATA_CONTROLLERS: readonly Type[] = LEVELS.map(metadataController);

function metadataController(level: Level): Type {
  @ApiTags('Metadata')
  @Controller(`${COLLECTIONS[level]}/:id/metadata`)
  class MetadataController {
    constructor(
      @Inject(MetadataService) private readonly metadata: MetadataService,
      @Inject(MetadataNames) private readonly names: MetadataNames,
      @Inject(CONFIGURATION) private readonly configuration: AnnalConfiguration,
      @Inject(CommandBus) private readonly commands: CommandBus,
    ) {}

    @Get()
    @ApiOperation({ summary: 'The names of the metadata, or their values with expand' })
    @Asks({
      expand: flag('Whether their values are shown, too'),
      numeric: flag('Given with any value: their numbers instead of their names'),
    })
    @AnswersJson(METADATA)
    list(@Param('id') id: string, @Query() query: Parameters): Promise<unknown> {
      return this.metadata.list(level, id, query);
    }

    @Get(':name')
    @ApiOperation({ summary: 'The value of a metadata' })
    @AnswersText('The value')
    @AnswersOnlyNews()
    async read(
      @Param('id') id: string,
      @Param('name') name: string,
      @Req() request: FastifyRequest,
      @Res({ passthrough: true }) reply: FastifyReply,
    ): Promise<string> {
      const { value, revision } = await this.metadata.one(level, id, name);
      const ETag = entityTag(revision);
      reply.header('ETag', ETag);
      const known = knownRevision(request.headers['if-none-match']);
      if (known && entityTag(known) === ETag) throw new BareStatus(304, { ETag });
      return value;
    }

    @Put(':name')
    @Writes()
    @ApiOperation({ summary: 'Set a metadata that users define; its revision is in ETag' })
    @TakesText('The value')
    @ReplacesKnown()
    @AnswersNothing()
    async set(
      @Param('id') id: string,
      @Param('name') name: string,
      @Req() request: FastifyRequest,
      @Res({ passthrough: true }) reply: FastifyReply,
    ): Promise<string> {
      const { Annal, CheckRevisions, Name } = this.configuration;
      const target = this.targetOf(id, name);
      const value = await readValue(request, Annal.Limits.MaxMetadataSize);
      const expected = expectedRevision(request.headers['if-match'], CheckRevisions);
      const maximum = Annal.Limits.MaxMetadataPerResource;
      const result = await this.commands.execute(
        new SetMetadata(target, value, expected, maximum, eventContextOf(request, Name)),
      );
      switch (result.kind) {
        case 'set':
          reply.header('ETag', entityTag(revisionOf(result.revision, value)));
          return '';
        case 'not-found':
          throw new OrthancError('UnknownResource');
        case 'conflict':
          throw new OrthancError('Revision');
        case 'too-many':
          throw new OrthancError('BadRequest', `A resource has ${maximum} metadata at most`, 413);
      }
    }

    @Delete(':name')
    @Writes()
    @ApiOperation({ summary: 'Delete a metadata that users define' })
    @ReplacesKnown()
    @AnswersNothing()
    async remove(
      @Param('id') id: string,
      @Param('name') name: string,
      @Req() request: FastifyRequest,
    ): Promise<string> {
      const { CheckRevisions, Name } = this.configuration;
      const target = this.targetOf(id, name);
      const expected = expectedRevision(request.headers['if-match'], CheckRevisions);
      if (expected === 'unsaid') {
        throw new OrthancError('Revision', 'HTTP header "If-Match" is missing, as "CheckRevisions" is "true"');
      }
      const result = await this.commands.execute(new DeleteMetadata(target, expected, eventContextOf(request, Name)));
      if (result === 'not-found') throw new OrthancError('UnknownResource');
      if (result === 'conflict') throw new OrthancError('Revision');
      return '';
    }

    /** @throws BareStatus 403 for one of Orthanc's own */
    private targetOf(id: string, name: string): MetadataOfResource {
      const metadata = this.names.parse(name);
      if (!isUserMetadata(metadata)) throw new BareStatus(403);
      return { level, id, metadata };
    }
  }
  return MetadataController;
}
