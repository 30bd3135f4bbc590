import { Module } from '@nestjs/common';
import { LocateService } from './locate.service.js';
import { WebUrls } from './web-urls.js';

/** What all services of DICOMweb need. */
@Module({ providers: [LocateService, WebUrls], exports: [LocateService, WebUrls] })
export class DicomWebCommonModule {}
