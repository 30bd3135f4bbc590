import { Module } from '@nestjs/common';
import { AttachmentsModule } from '../attachments/attachments.module.js';
import { UploadsModule } from '../uploads/uploads.module.js';
import { ReconstructController } from './reconstruct.controller.js';
import { ReconstructService } from './reconstruct.service.js';

@Module({
  imports: [AttachmentsModule, UploadsModule],
  controllers: [ReconstructController],
  providers: [ReconstructService],
})
export class ReconstructModule {}
