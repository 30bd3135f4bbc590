import { Module } from '@nestjs/common';
import { LocateService } from './locate.service.js';
import { WebInstances } from './web-instances.service.js';
import { WebUrls } from './web-urls.js';

/** What all services of DICOMweb need. */
@Module({ providers: [LocateService, WebInstances, WebUrls], exports: [LocateService, WebInstances, WebUrls] })
export class DicomWebCommonModule {}
