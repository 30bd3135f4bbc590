import { Module } from '@nestjs/common';
import { ViewerFilesModule } from '../../ohif/viewer/viewer-files.module.js';
import { PluginsController } from './plugins.controller.js';

@Module({ imports: [ViewerFilesModule], controllers: [PluginsController] })
export class PluginsModule {}
