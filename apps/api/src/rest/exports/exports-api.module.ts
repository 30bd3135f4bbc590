import { Module } from '@nestjs/common';
import { ExportsController } from './exports.controller.js';
import { ExportsReport } from './report/exports-report.service.js';

/** The routes of exports. */
@Module({ controllers: [ExportsController], providers: [ExportsReport] })
export class ExportsApiModule {}
