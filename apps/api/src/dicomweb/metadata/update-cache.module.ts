import { Module } from '@nestjs/common';
import { UpdateCacheController } from './update-cache.controller.js';

/** What the DICOMweb plugin serves of metadata outside of its root. */
@Module({ controllers: [UpdateCacheController] })
export class UpdateCacheModule {}
