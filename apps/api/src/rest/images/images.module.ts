import { Module } from '@nestjs/common';
import { PicturesModule } from '../../pixels/pictures.module.js';
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
import { SliceHeaders } from './slice-headers.service.js';

/** Frames as pictures, as numbers, and as they are stored. */
@Module({
  imports: [PicturesModule],
  controllers: [PicturesController, FramesController, RawFramesController, ArraysController, PlaceholderController],
  providers: [ArrayZipper, ArraysService, FrameListService, PicturesService, SeriesSlicesService, SliceHeaders],
})
export class ImagesModule {}
