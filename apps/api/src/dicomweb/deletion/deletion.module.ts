import { Module } from '@nestjs/common';
import { DicomWebCommonModule } from '../common/common.module.js';
import { DicomWebDeletionController } from './deletion.controller.js';

@Module({ imports: [DicomWebCommonModule], controllers: [DicomWebDeletionController] })
export class DicomWebDeletionModule {}
