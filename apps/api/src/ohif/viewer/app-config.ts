import { readFileSync } from 'node:fs';
import type { AnnalConfiguration } from '@annal/platform';
import { baseName, dicomWebPath, literal, wadoUriPath } from './base-name.js';

/** What the viewer does where no file of the user's says otherwise; what is not here are its own defaults. */
const DEFAULTS = `window.config = {
  extensions: [],
  modes: [],
  customizationService: {},
  maxNumberOfWebWorkers: 3,
  showWarningMessageForCrossOrigin: true,
  showCPUFallbackMessage: true,
  showLoadingIndicator: true,
  strictZSpacingForVolumeViewport: true,
  maxNumRequests: { interaction: 100, thumbnail: 75, prefetch: 25 },
};
`;

const DICOM_JSON = {
  namespace: '@ohif/extension-default.dataSourcesModule.dicomjson',
  sourceName: 'dicom-json',
  configuration: { friendlyName: 'DICOM JSON', name: 'dicom-json' },
};

/**
 * The script that configures the viewer: the user's file or defaults, then what must fit this server whatever that says.
 * @throws Error where the file cannot be read
 */
export function appConfig(configuration: AnnalConfiguration): string {
  const { DataSource, UserConfiguration } = configuration.OHIF;
  const own = UserConfiguration === undefined ? DEFAULTS : `${readFileSync(UserConfiguration, 'utf8')}\n`;
  const isDicomWeb = DataSource === 'dicom-web';
  return `${own}
window.config = window.config || {};
window.config.routerBasename = ${literal(baseName(configuration))};
window.config.showStudyList = ${isDicomWeb};
window.config.dataSources = [${isDicomWeb ? dicomWeb(configuration) : literal(DICOM_JSON)}];
window.config.defaultDataSourceName = ${literal(DataSource)};
`;
}

/** The viewer compares addresses with those in answers, so that its own must be whole. */
function dicomWeb(configuration: AnnalConfiguration): string {
  const root = `window.location.origin + ${literal(dicomWebPath(configuration))}`;
  const source = {
    namespace: '@ohif/extension-default.dataSourcesModule.dicomweb',
    sourceName: 'dicom-web',
  };
  const settings = {
    friendlyName: configuration.Name,
    name: 'dicom-web',
    qidoSupportsIncludeField: true,
    supportsReject: false,
    supportsFuzzyMatching: true,
    supportsWildcard: true,
    imageRendering: 'wadors',
    thumbnailRendering: 'wadors',
    enableStudyLazyLoad: true,
    dicomUploadEnabled: !configuration.ReadOnly,
    singlepart: 'bulkdata,pdf,video',
    bulkDataURI: { enabled: true },
    omitQuotationForMultipartRequest: true,
  };
  return `Object.assign(${literal(source)}, { configuration: Object.assign(${literal(settings)}, {
  qidoRoot: ${root},
  wadoRoot: ${root},
  wadoUriRoot: window.location.origin + ${literal(wadoUriPath(configuration))},
}) })`;
}
