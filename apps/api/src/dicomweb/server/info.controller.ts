import type { AnnalConfiguration } from '@annal/platform';
import { Controller, Get, Inject } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { CONFIGURATION } from '../../tokens.js';
import { withSlashes } from '../common/web-urls.js';

/** Where things are, as Orthanc's web interfaces ask for it. */
@ApiTags('DICOMweb')
@Controller('info')
export class InfoController {
  constructor(@Inject(CONFIGURATION) private readonly configuration: AnnalConfiguration) {}

  @Get()
  @ApiOperation({ summary: 'The root of the DICOMweb services, and the way from there to the REST API' })
  read(): object {
    const root = withSlashes(this.configuration.DicomWeb.Root);
    return { DicomWebRoot: root, OrthancApiRoot: `./${'../'.repeat(root.split('/').length - 2)}` };
  }
}
