import { Module } from '@nestjs/common';
import { UploadsModule } from '../../rest/uploads/uploads.module.js';
import { DicomWebCommonModule } from '../common/common.module.js';
import { FileMaker } from './metadata/file-maker.js';
import { MetadataStore } from './metadata/metadata-store.js';
import { StowController } from './stow.controller.js';
import { StowService } from './stow.service.js';

/** STOW-RS: the Studies Store transaction (PS3.18 section 10.5). */
@Module({
  imports: [DicomWebCommonModule, UploadsModule],
  controllers: [StowController],
  providers: [FileMaker, MetadataStore, StowService],
})
export class StowModule {}
