import { Module } from '@nestjs/common';
import { FrameRenderer } from '../../pixels/frame-renderer.js';
import { ReadingModule } from '../resources/reading.module.js';
import { ArrayZipper } from './array-zipper.js';
import { ArraysController } from './arrays.controller.js';
import { ArraysService } from './arrays.service.js';
import { FrameListService } from './frame-list.service.js';
import { FramesController } from './frames.controller.js';
import { PlaceholderController } from './placeholder.controller.js';
import { PicturesController } from './pictures.controller.js';
import { PicturesService } from './pictures.service.js';
import { RawFramesController } from './raw-frames.controller.js';
import { SeriesSlicesService } from './series-slices.service.js';

/** Frames as pictures, as numbers, and as they are stored. */
@Module({
  imports: [ReadingModule],
  controllers: [PicturesController, FramesController, RawFramesController, ArraysController, PlaceholderController],
  providers: [ArrayZipper, ArraysService, FrameListService, FrameRenderer, PicturesService, SeriesSlicesService],
})
export class ImagesModule {}
