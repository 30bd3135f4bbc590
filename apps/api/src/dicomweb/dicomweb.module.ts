import type { AnnalConfiguration } from '@annal/platform';
import { type DynamicModule, Module, type Type } from '@nestjs/common';
import { RouterModule } from '@nestjs/core';

/** The services below `DicomWeb.Root`; each has a folder of its own. */
const SERVICES: Type[] = [];

/** DICOMweb (PS3.18), where it is enabled. */
@Module({})
export class DicomWebModule {
  static with({ DicomWeb }: AnnalConfiguration): DynamicModule {
    const imports = DicomWeb.Enable
      ? [...SERVICES, RouterModule.register([{ path: DicomWeb.Root, children: SERVICES }])]
      : [];
    return { module: DicomWebModule, imports };
  }
}
