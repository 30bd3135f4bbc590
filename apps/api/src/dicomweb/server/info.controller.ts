import type { AnnalConfiguration } from '@annal/platform';
import { Controller, Get, Header, Inject } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { withSlashes } from '../../http/path.js';
import { CONFIGURATION } from '../../tokens.js';

/** Where things are, as Orthanc's web interfaces ask for it. */
@ApiTags('DICOMweb')
@Controller('info')
export class InfoController {
  constructor(@Inject(CONFIGURATION) private readonly configuration: AnnalConfiguration) {}

  @Get()
  @Header('Content-Type', 'application/json')
  @ApiOperation({ summary: 'The root of the DICOMweb services, and the way from there to the REST API' })
  read(): string {
    const root = withSlashes(this.configuration.DicomWeb.Root);
    const up = '../'.repeat(root.split('/').length - 2);
    return `${JSON.stringify({ DicomWebRoot: root, OrthancApiRoot: `./${up}` }, undefined, '\t')}\n`;
  }
}
