import { Module } from '@nestjs/common';
import { PicturesModule } from '../../pixels/pictures.module.js';
import { DicomWebCommonModule } from '../common/common.module.js';
import { AnimationService } from './animation.service.js';
import { ImagesBelow } from './images-below.service.js';
import { RenderedController } from './rendered.controller.js';
import { RenderedService } from './rendered.service.js';

/** Frames as pictures, for clients of DICOMweb. */
@Module({
  imports: [DicomWebCommonModule, PicturesModule],
  controllers: [RenderedController],
  providers: [AnimationService, ImagesBelow, RenderedService],
})
export class RenderedModule {}
