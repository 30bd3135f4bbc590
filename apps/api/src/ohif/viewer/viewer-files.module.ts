import { Module } from '@nestjs/common';
import { ViewerFiles } from './viewer-files.js';

/** The files of the viewer, listed once for all who look at them. */
@Module({ providers: [{ provide: ViewerFiles, useFactory: () => new ViewerFiles() }], exports: [ViewerFiles] })
export class ViewerFilesModule {}
