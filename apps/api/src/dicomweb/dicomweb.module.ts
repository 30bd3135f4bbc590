import type { AnnalConfiguration } from '@annal/platform';
import { type DynamicModule, Module, type Type } from '@nestjs/common';
import { RouterModule } from '@nestjs/core';
import { withoutLastSlash, withSlashes } from '../http/path.js';
import { DicomWebClientModule } from './client/client.module.js';
import { ClientPageModule } from './client-page/client-page.module.js';
import { DicomWebDeletionModule } from './deletion/deletion.module.js';
import { DicomWebMetadataModule } from './metadata/metadata.module.js';
import { UpdateCacheModule } from './metadata/update-cache.module.js';
import { QidoModule } from './qido/qido.module.js';
import { RenderedModule } from './rendered/rendered.module.js';
import { RetrieveModule } from './retrieve/retrieve.module.js';
import { DicomWebServerModule } from './server/server.module.js';
import { StowModule } from './stow/stow.module.js';
import { WadoUriModule } from './wado-uri/wado-uri.module.js';

/** The services below `DicomWeb.Root`; each has a folder of its own. */
const SERVICES: Type[] = [
  ClientPageModule,
  DicomWebClientModule,
  DicomWebMetadataModule,
  DicomWebServerModule,
  QidoModule,
  RenderedModule,
  RetrieveModule,
  StowModule,
];

/** DICOMweb (PS3.18), where it is enabled; WADO-URI has a path and a switch of its own. */
@Module({})
export class DicomWebModule {
  static with({ Annal, DicomWeb }: AnnalConfiguration): DynamicModule {
    const services = Annal.DicomWebDelete ? [...SERVICES, DicomWebDeletionModule] : SERVICES;
    const mounted = [
      ...(DicomWeb.Enable ? [{ path: withSlashes(DicomWeb.Root), children: services }] : []),
      ...(DicomWeb.EnableWado ? [{ path: withoutLastSlash(DicomWeb.WadoRoot), children: [WadoUriModule] }] : []),
    ];
    const modules = mounted.flatMap(({ children }) => children);
    const outside = DicomWeb.Enable ? [UpdateCacheModule] : [];
    return { module: DicomWebModule, imports: [...modules, ...outside, RouterModule.register(mounted)] };
  }
}
