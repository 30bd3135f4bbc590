import type { AnnalConfiguration } from '@annal/platform';

/** A plugin of Orthanc whose duty is built in. */
export interface BuiltInPlugin {
  /** The name by which clients look for it. */
  readonly id: string;
  readonly description: string;
  /** The version of the plugin that is stood in for. */
  readonly version: string;
  /** Its web interface, relative to the folder of the Explorer. */
  readonly rootUri?: string;
  /** Whether the configuration has it served. */
  readonly enabled: (configuration: AnnalConfiguration) => boolean;
}

const PLUGINS: readonly BuiltInPlugin[] = [
  {
    id: 'dicom-web',
    description: 'Implementation of DICOMweb (QIDO-RS, STOW-RS and WADO-RS) and WADO-URI.',
    version: '1.20',
    enabled: ({ DicomWeb }) => DicomWeb.Enable,
  },
];

/** The plugins whose duties are served: clients switch features on by them, so none is listed that is not there. */
export function builtInPlugins(configuration: AnnalConfiguration): readonly BuiltInPlugin[] {
  return PLUGINS.filter(({ enabled }) => enabled(configuration));
}
