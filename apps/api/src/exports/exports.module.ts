import { Global, Module } from '@nestjs/common';
import { ExportTrace } from './export-trace.js';
import { JobOutcomes } from './job-outcomes.js';
import { ReadTrace } from './read-trace.js';

/** What traces that something leaves the archive. */
@Global()
@Module({ providers: [ExportTrace, JobOutcomes, ReadTrace], exports: [ExportTrace] })
export class ExportsModule {}
