import { Module } from '@nestjs/common';
import { ReadingModule } from '../rest/resources/reading.module.js';
import { KeptMetadata } from './metadata/kept-metadata.js';
import { KeptStudies } from './study/kept-studies.js';
import { OhifStudyController } from './study/ohif-study.controller.js';
import { OhifStudyService } from './study/ohif-study.service.js';
import { ViewerController } from './viewer/viewer.controller.js';
import { ViewerFilesModule } from './viewer/viewer-files.module.js';
import { ViewerService } from './viewer/viewer.service.js';

/** The OHIF viewer and what it reads. */
@Module({
  imports: [ReadingModule, ViewerFilesModule],
  controllers: [OhifStudyController, ViewerController],
  providers: [KeptMetadata, KeptStudies, OhifStudyService, ViewerService],
})
export class OhifModule {}
