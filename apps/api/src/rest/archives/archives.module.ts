import type { BlobStore } from '@annal/domain';
import type { AnnalConfiguration } from '@annal/platform';
import { Inject, Module } from '@nestjs/common';
import { ReadingModule } from '../resources/reading.module.js';
import { JobTypes } from '../../jobs/job-types.js';
import { BLOB_STORE, CONFIGURATION } from '../../tokens.js';
import { ARCHIVE_JOBS, ArchiveAnswers } from './archive-answers.js';
import { ArchiveJob } from './archive-job.js';
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
export class ArchivesModule {
  constructor(
    @Inject(JobTypes) types: JobTypes,
    @Inject(ArchivesService) archives: ArchivesService,
    @Inject(BLOB_STORE) blobs: BlobStore,
    @Inject(CONFIGURATION) { Annal }: AnnalConfiguration,
  ) {
    for (const kind of ['archive', 'media'] as const) {
      types.register(new ArchiveJob(ARCHIVE_JOBS[kind], kind, archives, blobs, Annal.Limits.MaxJobOutputSize));
    }
  }
}
