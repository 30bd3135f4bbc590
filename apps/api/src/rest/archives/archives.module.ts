import { Module } from '@nestjs/common';
import { ReadingModule } from '../resources/reading.module.js';
import { ArchiveAnswers } from './archive-answers.js';
import { ArchivesService } from './archives.service.js';
import { CreateArchiveController } from './create-archive.controller.js';
import {
  ArchiveServices,
  PatientArchivesController,
  SeriesArchivesController,
  StudyArchivesController,
} from './level-archives.controller.js';

/** ZIP archives and media of resources. */
@Module({
  imports: [ReadingModule],
  controllers: [PatientArchivesController, StudyArchivesController, SeriesArchivesController, CreateArchiveController],
  providers: [ArchiveAnswers, ArchiveServices, ArchivesService],
  exports: [ArchivesService],
})
export class ArchivesModule {}
