import { Module } from '@nestjs/common';
import { ClientPageController } from './client-page.controller.js';

/** The web page of the DICOMweb client. */
@Module({ controllers: [ClientPageController] })
export class ClientPageModule {}
