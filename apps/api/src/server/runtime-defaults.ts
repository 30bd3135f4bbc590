import { type AnnalConfiguration, type LogOptions, QUIET_LOG } from '@annal/platform';
import { initialLevels } from './log-level.js';
import type { RuntimeValues } from './runtime-settings.js';

/** The runtime values that a configuration and a command line begin with. */
export function runtimeDefaults(configuration: AnnalConfiguration, log: LogOptions = QUIET_LOG): RuntimeValues {
  return {
    defaultEncoding: configuration.DefaultEncoding,
    metricsEnabled: configuration.MetricsEnabled,
    unknownSopClassAccepted: configuration.UnknownSopClassAccepted,
    acceptedTransferSyntaxes: [configuration.AcceptedTransferSyntaxes].flat(),
    logLevels: initialLevels(log),
  };
}
