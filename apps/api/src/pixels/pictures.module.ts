import { Module } from '@nestjs/common';
import { ReadingModule } from '../rest/resources/reading.module.js';
import { FrameRenderer } from './frame-renderer.js';
import { PictureMaker } from './picture-maker.js';

/** What makes pictures and numbers of frames. */
@Module({
  imports: [ReadingModule],
  providers: [FrameRenderer, PictureMaker],
  exports: [FrameRenderer, PictureMaker, ReadingModule],
})
export class PicturesModule {}
