import type { AnnalConfiguration } from '@annal/platform';
import { withSlashes } from '../../http/path.js';
import type { ViewerFiles } from '../../ohif/viewer/viewer-files.js';

/** A plugin of Orthanc whose duty is built in. */
export interface BuiltInPlugin {
  /** The name by which clients look for it. */
  readonly id: string;
  readonly description: string;
  /** The version of the plugin that is stood in for. */
  readonly version: string;
  /** Its web interface, relative to the folder of the Explorer. */
  readonly rootUri?: (configuration: AnnalConfiguration) => string | undefined;
  /** Whether it is served, as configured and installed. */
  readonly enabled: (configuration: AnnalConfiguration, viewer: ViewerFiles) => boolean;
}

const PLUGINS: readonly BuiltInPlugin[] = [
  {
    id: 'dicom-web',
    description: 'Implementation of DICOMweb (QIDO-RS, STOW-RS and WADO-RS) and WADO-URI.',
    version: '1.20',
    rootUri: ({ DicomWeb }) => `..${withSlashes(DicomWeb.Root)}app/client/index.html`,
    enabled: ({ DicomWeb }) => DicomWeb.Enable,
  },
  {
    id: 'ohif',
    description: 'OHIF plugin for Orthanc.',
    version: '1.6',
    // without a list of studies there is nothing to see where it begins
    rootUri: ({ OHIF }) => (OHIF.DataSource === 'dicom-web' ? '../ohif/' : undefined),
    enabled: (_configuration, viewer) => viewer.areThere,
  },
];

/** The plugins whose duties are served: clients switch features on by them, so none is listed that is not there. */
export function builtInPlugins(configuration: AnnalConfiguration, viewer: ViewerFiles): readonly BuiltInPlugin[] {
  return PLUGINS.filter(({ enabled }) => enabled(configuration, viewer));
}
