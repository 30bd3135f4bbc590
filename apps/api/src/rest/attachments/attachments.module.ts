import { Module } from '@nestjs/common';
import { UploadsModule } from '../uploads/uploads.module.js';
import { AttachmentAnswers } from './attachment-answers.js';
import {
  InstanceAttachmentsController,
  PatientAttachmentsController,
  SeriesAttachmentsController,
  StudyAttachmentsController,
} from './attachments.controller.js';
import { AttachmentsService } from './attachments.service.js';

@Module({
  imports: [UploadsModule],
  controllers: [
    PatientAttachmentsController,
    StudyAttachmentsController,
    SeriesAttachmentsController,
    InstanceAttachmentsController,
  ],
  providers: [AttachmentAnswers, AttachmentsService],
  exports: [AttachmentsService],
})
export class AttachmentsModule {}
