import type { AnnalConfiguration } from '@annal/platform';
import { Controller, Get, Header, Inject } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { withSlashes } from '../../http/path.js';
import { CONFIGURATION } from '../../tokens.js';
import { Serves } from '../common/serves.js';
import { wayUp } from '../common/way-up.js';
import { INFO } from './server-description.js';

/** Where things are, as Orthanc's web interfaces ask for it. */
@ApiTags('DICOMweb')
@Controller('info')
export class InfoController {
  constructor(@Inject(CONFIGURATION) private readonly configuration: AnnalConfiguration) {}

  @Get()
  @Header('Content-Type', 'application/json')
  @Serves({
    summary: 'The root of the DICOMweb services, and the way from there to the REST API',
    types: ['application/json'],
    json: INFO,
  })
  read(): string {
    const root = withSlashes(this.configuration.DicomWeb.Root);
    return `${JSON.stringify({ DicomWebRoot: root, OrthancApiRoot: wayUp(root) }, undefined, '\t')}\n`;
  }
}
