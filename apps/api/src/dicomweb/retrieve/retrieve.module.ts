import { Module } from '@nestjs/common';
import { ArchivesModule } from '../../rest/archives/archives.module.js';
import { ReadingModule } from '../../rest/resources/reading.module.js';
import { DicomWebCommonModule } from '../common/common.module.js';
import { DicomAnswers } from './dicom-answers.service.js';
import { FileParts } from './file-parts.service.js';
import { FrameAnswers } from './frame-answers.service.js';
import { FrameParts } from './frame-parts.service.js';
import { PixelDataAnswers } from './pixel-data-answers.service.js';
import { WebFramesController } from './frames.controller.js';
import { PixelDataController } from './pixel-data.controller.js';
import { RetrieveController } from './retrieve.controller.js';
import { TranscodableFiles } from './transcodable-files.service.js';
import { WebFrames } from './web-frames.service.js';

/** WADO-RS: DICOM files and frames (PS3.18 section 10.4). */
@Module({
  imports: [ArchivesModule, DicomWebCommonModule, ReadingModule],
  controllers: [PixelDataController, RetrieveController, WebFramesController],
  providers: [DicomAnswers, FileParts, FrameAnswers, FrameParts, PixelDataAnswers, TranscodableFiles, WebFrames],
})
export class RetrieveModule {}
