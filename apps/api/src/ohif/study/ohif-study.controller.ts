import type { AnnalConfiguration } from '@annal/platform';
import { Controller, Get, Inject, Param, Req } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import type { JsonText } from '../../http/json/render-json.js';
import { AnswersJson } from '../../http/open-api/answers.js';
import { eventContextOf } from '../../http/security/request-identity.js';
import { CONFIGURATION } from '../../tokens.js';
import { OhifStudyService } from './ohif-study.service.js';
import { OHIF_STUDY } from './study-description.js';

@ApiTags('OHIF')
@Controller('studies')
export class OhifStudyController {
  constructor(
    @Inject(OhifStudyService) private readonly studies: OhifStudyService,
    @Inject(CONFIGURATION) private readonly configuration: AnnalConfiguration,
  ) {}

  @Get(':id/ohif-dicom-json')
  @ApiOperation({ summary: "The study for the viewer's data source dicom-json" })
  @AnswersJson(OHIF_STUDY)
  study(@Param('id') id: string, @Req() request: FastifyRequest): Promise<JsonText> {
    return this.studies.json(id, eventContextOf(request, this.configuration.Name));
  }
}
