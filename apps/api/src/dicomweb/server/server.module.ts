import { Module } from '@nestjs/common';
import { DicomWebCommonModule } from '../common/common.module.js';
import { CapabilitiesController } from './capabilities.controller.js';
import { InfoController } from './info.controller.js';

/** What the services say of themselves. */
@Module({ imports: [DicomWebCommonModule], controllers: [CapabilitiesController, InfoController] })
export class DicomWebServerModule {}
