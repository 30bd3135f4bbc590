import { ClearChanges, COLLECTIONS, DeleteResources, type Level } from '@annal/domain';
import type { AnnalConfiguration } from '@annal/platform';
import { Controller, Delete, Inject, Param, Post, Req } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { textsField } from '../../http/body/json-fields.js';
import { readJsonObject } from '../../http/body/read-json.js';
import { notFound } from '../../http/errors/http-errors.js';
import { AnswersJson, AnswersNothing } from '../../http/open-api/answers.js';
import { RESOURCE_PATH } from '../../http/open-api/shared-schemas.js';
import { eventContextOf } from '../../http/security/request-identity.js';
import { Writes } from '../../http/writes.js';
import { CONFIGURATION } from '../../tokens.js';
import { anyOf, component, exactly, NULL, object, texts } from '../../http/open-api/schema.js';
import { TakesJson } from '../../http/open-api/takes.js';

/** What is left above what was deleted. */
const REMAINING = component('Deleted', exactly({ RemainingAncestor: anyOf(RESOURCE_PATH, NULL) }));

@ApiTags('Deletion')
@Controller()
@Writes()
export class DeletionsController {
  constructor(
    @Inject(CONFIGURATION) private readonly configuration: AnnalConfiguration,
    @Inject(CommandBus) private readonly commands: CommandBus,
  ) {}

  @Delete('patients/:id')
  @ApiOperation({ summary: 'Delete a patient and everything below it' })
  @AnswersJson(REMAINING)
  patient(@Param('id') id: string, @Req() request: FastifyRequest): Promise<unknown> {
    return this.remove('Patient', id, request);
  }

  @Delete('studies/:id')
  @ApiOperation({ summary: 'Delete a study and everything below it' })
  @AnswersJson(REMAINING)
  study(@Param('id') id: string, @Req() request: FastifyRequest): Promise<unknown> {
    return this.remove('Study', id, request);
  }

  @Delete('series/:id')
  @ApiOperation({ summary: 'Delete a series and its instances' })
  @AnswersJson(REMAINING)
  series(@Param('id') id: string, @Req() request: FastifyRequest): Promise<unknown> {
    return this.remove('Series', id, request);
  }

  @Delete('instances/:id')
  @ApiOperation({ summary: 'Delete an instance' })
  @AnswersJson(REMAINING)
  instance(@Param('id') id: string, @Req() request: FastifyRequest): Promise<unknown> {
    return this.remove('Instance', id, request);
  }

  @Post('tools/bulk-delete')
  @ApiOperation({ summary: 'Delete resources of any level; identifiers that are not there are passed over' })
  @TakesJson(object({ Resources: texts('Orthanc identifiers of any levels') }, ['Resources']))
  @AnswersNothing()
  async bulk(@Req() request: FastifyRequest): Promise<string> {
    const { MaxJsonBodySize: size, MaxJsonDepth: depth } = this.configuration.Annal.Limits;
    const ids = textsField(await readJsonObject(request, { size, depth }), 'Resources');
    const resources = ids.map((id) => ({ id }));
    await this.commands.execute(new DeleteResources(resources, eventContextOf(request, this.configuration.Name)));
    return '';
  }

  @Delete('changes')
  @ApiOperation({ summary: 'Clear the changes log; the event log and the changes feed keep everything' })
  @AnswersNothing()
  async changes(@Req() request: FastifyRequest): Promise<string> {
    await this.commands.execute(new ClearChanges(eventContextOf(request, this.configuration.Name)));
    return '';
  }

  private async remove(level: Level, id: string, request: FastifyRequest): Promise<unknown> {
    const context = eventContextOf(request, this.configuration.Name);
    const [outcome] = await this.commands.execute(new DeleteResources([{ level, id }], context));
    if (outcome?.kind !== 'removed') throw notFound();
    const { remaining } = outcome;
    if (!remaining) return { RemainingAncestor: null };
    const path = `/${COLLECTIONS[remaining.level]}/${remaining.id}`;
    return { RemainingAncestor: { ID: remaining.id, Path: path, Type: remaining.level } };
  }
}
