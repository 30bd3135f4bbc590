import { Module } from '@nestjs/common';
import { ReadingModule } from '../../rest/resources/reading.module.js';
import { DicomWebCommonModule } from '../common/common.module.js';
import { BlockMaker } from './block-maker.js';
import { BulkDataController } from './bulk-data/bulk-data.controller.js';
import { BulkDataService } from './bulk-data/bulk-data.service.js';
import { MetadataController } from './metadata.controller.js';
import { MetadataService } from './metadata.service.js';

/** WADO-RS: metadata, and the bulk data that they refer to. */
@Module({
  imports: [DicomWebCommonModule, ReadingModule],
  controllers: [MetadataController, BulkDataController],
  providers: [BlockMaker, BulkDataService, MetadataService],
})
export class DicomWebMetadataModule {}
