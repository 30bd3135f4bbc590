import type { AnnalConfiguration } from '@annal/platform';
import type { RuntimeValues } from './runtime-settings.js';

/** The runtime values that a configuration begins with. */
export function runtimeDefaults(configuration: AnnalConfiguration): RuntimeValues {
  return {
    defaultEncoding: configuration.DefaultEncoding,
    metricsEnabled: configuration.MetricsEnabled,
    unknownSopClassAccepted: configuration.UnknownSopClassAccepted,
    acceptedTransferSyntaxes: [configuration.AcceptedTransferSyntaxes].flat(),
    logLevels: {},
  };
}
