import { Module } from '@nestjs/common';
import { PicturesModule } from '../../pixels/pictures.module.js';
import { DicomWebCommonModule } from '../common/common.module.js';
import { WadoUriController } from './wado-uri.controller.js';
import { WadoUriService } from './wado-uri.service.js';

/** WADO-URI, at a path of its own. */
@Module({
  imports: [DicomWebCommonModule, PicturesModule],
  controllers: [WadoUriController],
  providers: [WadoUriService],
})
export class WadoUriModule {}
