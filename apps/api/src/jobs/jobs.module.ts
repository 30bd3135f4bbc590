import { Global, Module } from '@nestjs/common';
import { JobAnswers } from './job-answers.service.js';
import { JobEngine } from './job-engine.js';
import { JobTypes } from './job-types.js';

/** What runs jobs, and what modules register their kinds of jobs with. */
@Global()
@Module({ providers: [JobAnswers, JobEngine, JobTypes], exports: [JobAnswers, JobEngine, JobTypes] })
export class JobsModule {}
