import { Module } from '@nestjs/common';
import { ReadingModule } from '../../rest/resources/reading.module.js';
import { DicomWebCommonModule } from '../common/common.module.js';
import { QidoController } from './qido.controller.js';
import { QidoService } from './qido.service.js';
import { QidoTexts } from './qido-texts.js';

/** Searches (QIDO-RS). */
@Module({
  imports: [DicomWebCommonModule, ReadingModule],
  controllers: [QidoController],
  providers: [QidoService, QidoTexts],
})
export class QidoModule {}
