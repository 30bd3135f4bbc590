import { Controller, Header, Param, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { AnswersJson } from '../../http/open-api/answers.js';
import { EMPTY_OBJECT } from '../../http/open-api/shared-schemas.js';

/** A route of the DICOMweb plugin outside of its root. Nothing needs to be updated here: metadata are never out of date. */
@ApiTags('DICOMweb')
@Controller('studies')
export class UpdateCacheController {
  @Post(':id/update-dicomweb-cache')
  @Header('Content-Type', 'application/json')
  @ApiOperation({ summary: 'Does nothing, for metadata are never out of date; answers {} as the DICOMweb plugin does' })
  @AnswersJson(EMPTY_OBJECT)
  update(@Param('id') _id: string): object {
    return {};
  }
}
