import { ChangeLabel, COLLECTIONS, isLabel, type Level, LEVELS } from '@annal/domain';
import { type AnnalConfiguration, PostgresAnnotationLookup } from '@annal/platform';
import { Controller, Delete, Get, Inject, Param, Put, Req, type Type } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { notFound, OrthancError } from '../../http/errors/http-errors.js';
import { AnswersJson, AnswersNothing } from '../../http/open-api/answers.js';
import { NAMES } from '../../http/open-api/shared-schemas.js';
import { eventContextOf } from '../../http/security/request-identity.js';
import { Writes } from '../../http/writes.js';
import { CONFIGURATION } from '../../tokens.js';

/** The routes of the labels of each level. */
export const LABELS_CONTROLLERS: readonly Type[] = LEVELS.map(labelsController);

function labelsController(level: Level): Type {
  @ApiTags('Labels')
  @Controller(`${COLLECTIONS[level]}/:id/labels`)
  class LabelsController {
    constructor(
      @Inject(PostgresAnnotationLookup) private readonly lookup: PostgresAnnotationLookup,
      @Inject(CONFIGURATION) private readonly configuration: AnnalConfiguration,
      @Inject(CommandBus) private readonly commands: CommandBus,
    ) {}

    @Get()
    @ApiOperation({ summary: 'The labels of the resource' })
    @AnswersJson(NAMES)
    async list(@Param('id') id: string): Promise<readonly string[]> {
      const labels = await this.lookup.labelsOf(level, id);
      if (!labels) throw new OrthancError('UnknownResource');
      return labels;
    }

    @Get(':label')
    @ApiOperation({ summary: 'Whether the resource bears a label: 200 or 404' })
    @AnswersNothing()
    async has(@Param('id') id: string, @Param('label') label: string): Promise<string> {
      if (!(await this.list(id)).includes(label)) throw notFound();
      return '';
    }

    @Put(':label')
    @Writes()
    @ApiOperation({ summary: 'Let the resource bear a label' })
    @AnswersNothing()
    add(@Param('id') id: string, @Param('label') label: string, @Req() request: FastifyRequest): Promise<string> {
      const maximum = this.configuration.Annal.Limits.MaxLabelsPerResource;
      return this.change(id, label, { kind: 'add', maximum }, request);
    }

    @Delete(':label')
    @Writes()
    @ApiOperation({ summary: 'Take a label from the resource' })
    @AnswersNothing()
    remove(@Param('id') id: string, @Param('label') label: string, @Req() request: FastifyRequest): Promise<string> {
      return this.change(id, label, { kind: 'remove' }, request);
    }

    private async change(
      id: string,
      label: string,
      change: ChangeLabel['change'],
      request: FastifyRequest,
    ): Promise<string> {
      const { Annal, Name } = this.configuration;
      const { MaxLabelLength, MaxLabelsPerResource } = Annal.Limits;
      if (!isLabel(label, MaxLabelLength)) {
        const details = `A label must be a non-empty, alphanumeric string, possibly with '_' or '-' characters, with maximum ${MaxLabelLength} characters, but got: ${label}`;
        throw new OrthancError('ParameterOutOfRange', details);
      }
      const result = await this.commands.execute(
        new ChangeLabel({ level, id, label }, change, eventContextOf(request, Name)),
      );
      if (result === 'not-found') throw new OrthancError('UnknownResource');
      if (result === 'too-many') {
        throw new OrthancError('BadRequest', `A resource has ${MaxLabelsPerResource} labels at most`, 413);
      }
      return '';
    }
  }
  return LabelsController;
}
