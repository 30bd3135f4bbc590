import { DeleteResources, type Level } from '@annal/domain';
import type { AnnalConfiguration } from '@annal/platform';
import type { LocatedResource, UidPath } from '@annal/projections';
import { Controller, Delete, HttpCode, Inject, Param, Req } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiNoContentResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { notFound } from '../../http/errors/http-errors.js';
import { eventContextOf } from '../../http/security/request-identity.js';
import { Writes } from '../../http/writes.js';
import { CONFIGURATION } from '../../tokens.js';
import { LocateService } from '../common/locate.service.js';

/** Deletes what UIDs name, where `Annal.DicomWebDelete` allows it; PS3.18 knows no such service. */
@ApiTags('DICOMweb')
@ApiNoContentResponse({ description: 'It is deleted, and everything below it' })
@Controller('studies/:study')
@Writes()
export class DicomWebDeletionController {
  constructor(
    @Inject(CONFIGURATION) private readonly configuration: AnnalConfiguration,
    @Inject(CommandBus) private readonly commands: CommandBus,
    private readonly locate: LocateService,
  ) {}

  @Delete()
  @HttpCode(204)
  @ApiOperation({ summary: 'Delete a study' })
  study(@Param('study') study: string, @Req() request: FastifyRequest): Promise<void> {
    return this.remove({ study }, request);
  }

  @Delete('series/:series')
  @HttpCode(204)
  @ApiOperation({ summary: 'Delete a series' })
  series(
    @Param('study') study: string,
    @Param('series') series: string,
    @Req() request: FastifyRequest,
  ): Promise<void> {
    return this.remove({ study, series }, request);
  }

  @Delete('series/:series/instances/:instance')
  @HttpCode(204)
  @ApiOperation({ summary: 'Delete an instance' })
  instance(
    @Param('study') study: string,
    @Param('series') series: string,
    @Param('instance') instance: string,
    @Req() request: FastifyRequest,
  ): Promise<void> {
    return this.remove({ study, series, instance }, request);
  }

  private async remove(path: UidPath, request: FastifyRequest): Promise<void> {
    const resource = lowest(await this.locate.find(path));
    const context = eventContextOf(request, this.configuration.Name);
    const [outcome] = await this.commands.execute(new DeleteResources([resource], context));
    if (outcome?.kind !== 'removed') throw notFound();
  }
}

function lowest({ study, series, instance }: LocatedResource): { readonly level: Level; readonly id: string } {
  if (instance) return { level: 'Instance', id: instance.id };
  return series ? { level: 'Series', id: series.id } : { level: 'Study', id: study.id };
}
