import type { AnnalConfiguration } from '@annal/platform';
import { type DynamicModule, Module, type Type } from '@nestjs/common';
import { RouterModule } from '@nestjs/core';
import { withSlashes } from './common/web-urls.js';
import { DicomWebDeletionModule } from './deletion/deletion.module.js';
import { QidoModule } from './qido/qido.module.js';
import { RetrieveModule } from './retrieve/retrieve.module.js';
import { DicomWebServerModule } from './server/server.module.js';
import { StowModule } from './stow/stow.module.js';

/** The services below `DicomWeb.Root`; each has a folder of its own. */
const SERVICES: Type[] = [DicomWebServerModule, QidoModule, RetrieveModule, StowModule];

/** DICOMweb (PS3.18), where it is enabled. */
@Module({})
export class DicomWebModule {
  static with({ Annal, DicomWeb }: AnnalConfiguration): DynamicModule {
    const services = Annal.DicomWebDelete ? [...SERVICES, DicomWebDeletionModule] : SERVICES;
    const imports = DicomWeb.Enable
      ? [...services, RouterModule.register([{ path: withSlashes(DicomWeb.Root), children: services }])]
      : [];
    return { module: DicomWebModule, imports };
  }
}
